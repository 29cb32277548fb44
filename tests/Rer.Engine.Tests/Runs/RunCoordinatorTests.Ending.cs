using Rer.Engine.Runs;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Queue;
using Rer.Engine.Training;

namespace Rer.Engine.Tests.Runs;

/// <content>How a run ends with its program, and what the next program finds.</content>
public sealed partial class RunCoordinatorTests
{
    [Fact]
    public void What_a_dead_process_left_running_is_stopped_and_can_be_resumed_and_the_queue_goes_on()
    {
        var interrupted = _coordinator.Launch(Samples.Plan(1));
        Store.Append(interrupted, [new StateChanged(RunState.Running, null), Samples.Step(1), Samples.Step(2)]);
        var queued = _coordinator.Launch(Samples.Plan(2));

        _coordinator.Start();
        Await(queued, RunState.Finished);

        var run = Store.Run(interrupted)!;
        Assert.Equal(RunState.Stopped, run.State);
        Assert.StartsWith("Interrupted", run.Reason);
        _coordinator.Resume(interrupted);
        Await(interrupted, RunState.Finished);
        Assert.Equal(Enumerable.Range(1, 10), Store.Metrics(interrupted, [Metric.Kl])[0].Steps);
    }

    [Fact]
    public void Closing_stops_the_run_in_progress_after_its_step()
    {
        using var reached = new ManualResetEventSlim();
        _atStep = (_, step, stop) =>
        {
            if (step != 3) return;
            reached.Set();
            stop.WaitHandle.WaitOne(_patience);
        };
        var run = _coordinator.Launch(Samples.Plan());
        _coordinator.Start();
        Assert.True(reached.Wait(_patience));

        _coordinator.Dispose();

        var stopped = Store.Run(run)!;
        Assert.Equal((RunState.Stopped, 3), (stopped.State, stopped.Step));
        _coordinator = NewCoordinator();
    }

    [Fact]
    public void The_time_that_a_dead_program_lay_about_is_no_time_on_the_device()
    {
        var run = _coordinator.Launch(Samples.Plan());
        var began = DateTimeOffset.UtcNow.AddHours(-5);
        Store.Append(
            run,
            [new StateChanged(RunState.Running, null) { At = began }, Samples.Step(1) with { At = began.AddSeconds(60) },
                Samples.Step(2) with { At = began.AddSeconds(90) }]);

        _coordinator.Take();

        Assert.Equal(90, Store.Run(run)!.ActiveSeconds, 0.01);
        Assert.Null(Store.Run(run)!.ActiveSince);
    }

    [Fact]
    public void A_sweep_whose_program_died_goes_on_with_the_run_that_was_interrupted()
    {
        var runs = _coordinator.LaunchSweep([Samples.Plan(1), Samples.Plan(2), Samples.Plan(3)], "Seeds");
        Store.Append(runs[1], [new StateChanged(RunState.Running, null), Samples.Step(1), Samples.Step(2)]);
        _coordinator.Move(runs[2], 0);

        _coordinator.Start();
        Await(runs[0], RunState.Finished);

        Assert.Equal([runs[1], runs[2], runs[0]], _driven);
        var queued = Store.EventsSince(runs[1], 0).OfType<StateChanged>().Last(c => c.State == RunState.Queued);
        Assert.Equal("Interrupted: the program ended while it ran. It is the next to run, and goes on from its last checkpoint.",
            queued.Reason);
    }

    [Fact]
    public void Closing_in_a_sweep_puts_the_run_in_progress_first_and_the_next_program_goes_on_with_it()
    {
        using var reached = new ManualResetEventSlim();
        var runs = _coordinator.LaunchSweep([Samples.Plan(1), Samples.Plan(2)], "Seeds");
        _atStep = (_, step, stop) =>
        {
            if (step != 3) return;
            reached.Set();
            stop.WaitHandle.WaitOne(_patience);
        };
        _coordinator.Start();
        Assert.True(reached.Wait(_patience));
        _coordinator.Dispose();

        var interrupted = Store.Run(runs[0])!;
        Assert.Equal((RunState.Queued, 3), (interrupted.State, interrupted.Step));
        Assert.True(interrupted.QueuePosition < Store.Run(runs[1])!.QueuePosition);
        _atStep = (_, _, _) => { };
        _coordinator = NewCoordinator();
        _coordinator.Start();
        Await(runs[1], RunState.Finished);
        Assert.Equal([runs[0], runs[0], runs[1]], _driven);
    }

    [Fact]
    public void A_run_that_does_not_come_to_its_end_in_time_is_stopped_all_the_same()
    {
        using var reached = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        _atStep = (_, step, _) =>
        {
            if (step != 3) return;
            reached.Set();
            release.Wait(_patience, CancellationToken.None); // deaf to the stop, as a native library is
        };
        _coordinator.Dispose();
        _coordinator = NewCoordinator(end: TimeSpan.FromMilliseconds(50));
        var run = _coordinator.Launch(Samples.Plan());
        _coordinator.Start();
        Assert.True(reached.Wait(_patience));

        _coordinator.Dispose();

        Assert.True(_coordinator.StillWorks);
        Assert.Equal(RunState.Stopped, Store.Run(run)!.State);
        Assert.StartsWith("Interrupted", Store.Run(run)!.Reason);
        release.Set();
        Assert.True(SpinWait.SpinUntil(() => !_coordinator.StillWorks, _patience));
        Assert.Equal(RunState.Stopped, Store.Run(run)!.State);
        _coordinator = NewCoordinator();
    }

    [Fact]
    public void A_step_that_takes_too_long_is_dropped_when_the_program_ends()
    {
        using var reached = new ManualResetEventSlim();
        CancellationToken giveUp = default;
        _coordinator.Dispose();
        _coordinator = new RunCoordinator(
            Store,
            _feed,
            (plan, context) =>
            {
                giveUp = context.GiveUp;
                return new ScriptedSession(plan, context, (_, _) =>
                {
                    reached.Set();
                    context.GiveUp.WaitHandle.WaitOne(_patience);
                });
            },
            _ => [])
        { StepGrace = TimeSpan.FromMilliseconds(10) };
        var run = _coordinator.Launch(Samples.Plan());
        _coordinator.Start();
        Assert.True(reached.Wait(_patience));
        Assert.False(giveUp.IsCancellationRequested);

        _coordinator.Dispose();

        Assert.False(_coordinator.StillWorks);
        Assert.Equal((RunState.Stopped, 1), (Store.Run(run)!.State, Store.Run(run)!.Step));
        _coordinator = NewCoordinator();
    }
}
