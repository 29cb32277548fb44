using Rer.Engine.Options;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Queue;
using Rer.Engine.Storage;
using Rer.Engine.Tests.Storage;
using Rer.Engine.Training;

namespace Rer.Engine.Tests.Runs;

public sealed partial class RunCoordinatorTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryStore _temporary = new();
    private readonly RunFeed _feed;
    private readonly List<string> _driven = [];
    private Action<string, int, CancellationToken> _atStep = (_, _, _) => { };
    private RunCoordinator _coordinator;

    public RunCoordinatorTests()
    {
        _feed = new RunFeed(Store);
        _coordinator = NewCoordinator();
    }

    private RunStore Store => _temporary.Store;

    public void Dispose()
    {
        _coordinator.Dispose();
        _feed.Dispose();
        _temporary.Dispose();
    }

    [Fact]
    public void Queued_runs_are_driven_in_order_one_at_a_time()
    {
        var runs = _coordinator.LaunchSweep([Samples.Plan(1), Samples.Plan(2), Samples.Plan(3)], "Seeds");
        _coordinator.Move(runs[2], 0);

        _coordinator.Start();
        Await(runs[1], RunState.Finished);

        Assert.Equal([runs[2], runs[0], runs[1]], _driven);
        Assert.All(runs, id => Assert.Equal(10, Store.Run(id)!.Step));
        Assert.Equal("Seeds", Store.Run(runs[0])!.SweepName);
        Assert.Single(runs.Select(id => Store.Run(id)!.SweepId).Distinct());
    }

    [Fact]
    public void A_plan_that_cannot_be_run_is_not_queued()
    {
        var error = new PlanError("clip-range", "1.4", "is outside (0, 1]. The paper uses 0.2.");
        using var strict = new RunCoordinator(Store, _feed, (_, _) => throw new InvalidOperationException(), _ => [error]);

        var thrown = Assert.Throws<PlanException>(() => strict.Launch(Samples.Plan()));

        Assert.Equal([error], thrown.Errors);
        Assert.Contains("--clip-range: 1.4 is outside (0, 1]. The paper uses 0.2.", thrown.Message);
        Assert.Empty(Store.Runs());
    }

    [Fact]
    public void A_stopped_run_goes_on_where_it_stopped()
    {
        _atStep = (run, step, _) =>
        {
            if (step == 4) _coordinator.Stop(run);
        };
        var run = _coordinator.Launch(Samples.Plan());
        _coordinator.Start();
        Await(run, RunState.Stopped);
        Assert.Equal(4, Store.Run(run)!.Step);

        _coordinator.Resume(run);
        Await(run, RunState.Finished);

        Assert.Equal(Enumerable.Range(1, 10), Store.Metrics(run, [Metric.Kl])[0].Steps);
    }

    [Fact]
    public void A_paused_run_gives_the_device_to_the_next_and_keeps_its_place()
    {
        _atStep = (run, step, _) =>
        {
            if (step == 4 && run.EndsWith("-s1")) _coordinator.Pause(run);
        };
        var first = _coordinator.Launch(Samples.Plan(1));
        var second = _coordinator.Launch(Samples.Plan(2));
        _coordinator.Start();
        Await(second, RunState.Finished);

        var paused = Store.Run(first)!;
        Assert.Equal((RunState.Paused, 4), (paused.State, paused.Step));
        Assert.NotNull(paused.QueuePosition);
        _coordinator.Resume(first);
        Await(first, RunState.Finished);
    }

    [Fact]
    public void A_failure_ends_its_run_and_not_the_queue()
    {
        _atStep = (run, step, _) =>
        {
            if (step == 2 && run.EndsWith("-s1")) throw new InvalidDataException("NaN in the loss at step 2.");
        };
        var first = _coordinator.Launch(Samples.Plan(1));
        var second = _coordinator.Launch(Samples.Plan(2));
        _coordinator.Start();
        Await(second, RunState.Finished);

        var failed = Store.Run(first)!;
        Assert.Equal((RunState.Failed, "NaN in the loss at step 2."), (failed.State, failed.Reason));
        Assert.Empty(Store.EventsSince(first, 0).OfType<LogWritten>());
    }

    [Fact]
    public void An_error_that_explains_nothing_leaves_its_place_in_the_log()
    {
        _atStep = (_, _, _) => throw new FormatException("Odd.");
        var run = _coordinator.Launch(Samples.Plan());

        Assert.Equal(RunState.Failed, _coordinator.RunNow(run));

        var log = Assert.Single(Store.EventsSince(run, 0).OfType<LogWritten>());
        Assert.Equal(("error", 1), (log.Level, log.Step));
        Assert.Contains(nameof(ScriptedSession), log.Text);
    }

    [Fact]
    public void A_run_driven_here_stops_when_asked_and_the_next_can_be_driven_after_it()
    {
        using var stop = new CancellationTokenSource();
        _atStep = (_, step, _) =>
        {
            if (step == 5) stop.Cancel();
        };
        var first = _coordinator.Launch(Samples.Plan(1));
        var second = _coordinator.Launch(Samples.Plan(2));

        Assert.Equal(RunState.Stopped, _coordinator.RunNow(first, stop.Token));
        Assert.Equal(RunState.Finished, _coordinator.RunNow(second));

        Assert.Equal(5, Store.Run(first)!.Step);
    }

    [Fact]
    public void A_run_extended_while_it_runs_goes_on_to_the_new_end()
    {
        _atStep = (run, step, _) =>
        {
            if (step == 4) _coordinator.Extend(run, 15);
        };
        var run = _coordinator.Launch(Samples.Plan());
        _coordinator.Start();
        Await(run, RunState.Finished);

        Assert.Equal(15, Store.Run(run)!.Step);
        Assert.Equal([run, run], _driven);
    }

    [Fact]
    public void A_finished_run_can_be_extended_and_not_shortened()
    {
        var run = _coordinator.Launch(Samples.Plan());
        _coordinator.Start();
        Await(run, RunState.Finished);

        var error = Assert.Throws<PlanException>(() => _coordinator.Extend(run, 10));
        Assert.Contains("--steps: 10 is not more than the 10 the run has already.", error.Message);
        _coordinator.Extend(run, 12);
        Await(run, RunState.Finished, atStep: 12);
    }

    [Fact]
    public void A_lock_that_cannot_be_opened_is_not_taken_for_another_process()
    {
        _coordinator.Take();
        _coordinator.Dispose();
        // What the last process wrote of itself stands there for good.
        Assert.StartsWith("process", File.ReadAllText(Path.Combine(Store.Folder, "rer.owner")));
        var file = Path.Combine(Store.Folder, "rer.lock");
        File.Delete(file);
        File.CreateSymbolicLink(file, "rer.lock");
        _coordinator = NewCoordinator();

        var error = Assert.Throws<StoreException>(_coordinator.Take);

        Assert.StartsWith($"{file}: cannot be written (", error.Message);
        File.Delete(file);
    }

    [Fact]
    public void One_run_can_be_driven_on_the_calling_thread_with_the_queue_left_alone()
    {
        var other = _coordinator.Launch(Samples.Plan(1));
        var mine = _coordinator.Launch(Samples.Plan(2));

        Assert.Equal(RunState.Finished, _coordinator.RunNow(mine));

        Assert.Equal(RunState.Queued, Store.Run(other)!.State);
    }

    [Fact]
    public void A_second_coordinator_is_told_which_process_holds_the_store()
    {
        _coordinator.Start();
        using var second = NewCoordinator();

        var error = Assert.Throws<StoreInUseException>(second.Start);

        Assert.Contains($"process {Environment.ProcessId} (", error.Message);
        Assert.EndsWith("trains in this store. Stop it, or choose another folder.", error.Message);
    }

    [Fact]
    public void A_full_disk_stops_the_queue_and_says_so_and_freed_space_lets_the_run_go_on()
    {
        _atStep = (run, step, _) =>
        {
            if (step != 4) return;
            Store.SimulateFullDisk(true);
            while (true) Store.Append(run, [new LogWritten("info", step, new string('x', 100))]);
        };
        var run = _coordinator.Launch(Samples.Plan());
        _coordinator.Start();
        Assert.True(SpinWait.SpinUntil(() => _coordinator.Failure is not null, _patience));
        Assert.Contains("the disk is full", _coordinator.Failure);

        Store.SimulateFullDisk(false);
        _atStep = (_, _, _) => { };
        _coordinator.Resume(run);
        Await(run, RunState.Finished);

        Assert.Null(_coordinator.Failure);
        Assert.Contains(
            Store.EventsSince(run, 0).OfType<StateChanged>(), c => c.State == RunState.Stopped && c.Reason!.Contains("the disk is full"));
    }

    [Fact]
    public void A_full_disk_with_room_again_lets_the_queue_go_on_by_itself()
    {
        var broken = "";
        _atStep = (run, step, _) =>
        {
            if (step != 4 || broken.Length > 0) return;
            broken = run;
            Store.SimulateFullDisk(true);
            while (true) Store.Append(run, [new LogWritten("info", step, new string('x', 100))]);
        };
        _coordinator.Dispose();
        _coordinator = NewCoordinator(retry: TimeSpan.FromMilliseconds(20));
        var first = _coordinator.Launch(Samples.Plan(1));
        var second = _coordinator.Launch(Samples.Plan(2));
        _coordinator.Start();
        Assert.True(SpinWait.SpinUntil(() => _coordinator.Failure is not null, _patience));

        Store.SimulateFullDisk(false);
        Await(second, RunState.Finished);

        Assert.Equal(first, broken);
        Assert.Equal(RunState.Stopped, Store.Run(first)!.State);
        Assert.Contains("the disk is full", Store.Run(first)!.Reason);
    }

    [Fact]
    public void A_run_that_holds_the_device_is_not_deleted()
    {
        Exception? refused = null;
        _atStep = (run, step, _) =>
        {
            if (step == 2) refused = Record.Exception(() => _coordinator.Delete(run));
        };
        var run = _coordinator.Launch(Samples.Plan());
        _coordinator.Start();
        Await(run, RunState.Finished);

        Assert.Equal($"Cannot delete {run}: it is running.", Assert.IsType<InvalidOperationException>(refused).Message);
        _coordinator.Delete(run);
        Assert.Empty(Store.Runs());
    }

    private RunCoordinator NewCoordinator(TimeSpan? retry = null, TimeSpan? end = null) => new(
        Store,
        _feed,
        (plan, context) =>
        {
            _driven.Add(context.RunId);
            return new ScriptedSession(plan, context, (step, stop) => _atStep(context.RunId, step, stop));
        },
        _ => [])
    {
        RetryInterval = retry ?? _patience,
        EndGrace = end ?? _patience,
        StepGrace = end ?? _patience,
    };

    private void Await(string run, RunState state, int? atStep = null)
    {
        var reached = SpinWait.SpinUntil(
            () =>
            {
                Thread.Sleep(5);
                var now = Store.Run(run)!;
                return now.State == state && (atStep ?? now.Step) == now.Step && _coordinator.ActiveRunId != run;
            },
            _patience);
        Assert.True(reached, $"{run} is {Store.Run(run)!.State}, not {state}.");
    }
}
