using Rer.Engine.Options;
using Rer.Engine.Rewards;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Measuring;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Runs.Queue;
using Rer.Engine.Runs.Session;
using Rer.Engine.Tests.Storage;

namespace Rer.Engine.Tests.Runs;

/// <summary>Measuring a plan ahead of any run; how long anything takes is not tested.</summary>
public sealed class PlanMeasurementTests : IDisposable
{
    private readonly TinyStudy _study = new();
    private readonly TemporaryStore _temporary = new();
    private readonly RunFeed _feed;

    public PlanMeasurementTests() => _feed = new RunFeed(_temporary.Store);

    public void Dispose()
    {
        _feed.Dispose();
        _temporary.Dispose();
        _study.Dispose();
    }

    [Fact]
    public void A_plan_is_measured_with_responses_as_they_are_and_with_every_one_at_its_limit()
    {
        var parts = new List<int>();
        var measured = PlanBenchmark.Measure(_study.Plan(), parts.Add);
        Assert.Equal(Enumerable.Range(0, PlanBenchmark.Parts), parts);
        Assert.All(
            new[] { measured.SecondsPerStep, measured.LongestSecondsPerStep, measured.SecondsPerEvaluation,
                measured.LongestSecondsPerEvaluation },
            seconds => Assert.True(double.IsFinite(seconds) && seconds > 0));
        Assert.InRange(measured.ResponseTokens, 1, 8);
        Assert.Equal((8, 6), (measured.MaxResponseTokens, measured.QueriesMeasured));
        Assert.True(
            measured.SecondsPerStep <= measured.LongestSecondsPerStep
                && measured.SecondsPerEvaluation <= measured.LongestSecondsPerEvaluation);
    }

    [Fact]
    public void That_others_had_the_processors_is_told_from_how_long_this_program_waited()
    {
        var measured = PlanBenchmark.Measure(_study.Plan());
        Assert.InRange(measured.Waited, 0, 1);
        Assert.False((measured with { Waited = 0.25 }).Disturbed);
        Assert.True((measured with { Waited = 0.6 }).Disturbed);
    }

    [Fact]
    public void Threads_that_outnumber_the_processors_wait_for_one()
    {
        if (!File.Exists("/proc/self/schedstat")) return; // the kernel does not tell
        var wait = ProcessorWait.Start();
        var until = DateTime.UtcNow.AddSeconds(0.5);
        double seen = 0;
        var threads = Enumerable.Range(0, 4 * Environment.ProcessorCount).Select(i => new Thread(() =>
        {
            while (DateTime.UtcNow < until)
            {
            }

            if (i == 0) seen = wait.Share; // a thread that has ended is no longer counted
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.InRange(seen, 0.01, 1);
    }

    [Fact]
    public void A_measurement_is_known_to_every_plan_that_takes_as_long_and_leaves_no_run_behind()
    {
        using var coordinator = Coordinator();
        using var measurements = new PlanBenchmarkService(_temporary.Store, coordinator);
        var plan = _study.Plan();
        var measured = measurements.MeasureNow(plan, _ => { }, default);

        Assert.Empty(_temporary.Store.Runs());
        Assert.Equal(measured, RunTiming.Find(_temporary.Store, plan)!.Measured);
        Assert.NotNull(
            RunTiming.Find(_temporary.Store,
                plan with { Design = RewardDesign.Parse("LI"), Seed = 7, Ppo = plan.Ppo with { Steps = 900, LearningRate = 1 } }));
        Assert.Null(RunTiming.Find(_temporary.Store, plan with { Ppo = plan.Ppo with { MaxResponseTokens = 9 } }));
        Assert.Null(RunTiming.Find(_temporary.Store, plan with { Evaluation = plan.Evaluation with { Queries = 5 } }));

        var estimate = RunEstimate.Of(plan, RunTiming.Find(_temporary.Store, plan));
        Assert.InRange(measured.LongestPrompt!.Value, 1, plan.Ppo.MaxPromptTokens - 1);
        Assert.True(estimate.Bytes < RunEstimate.Of(plan, null).Bytes,
            "A longest prompt that is known takes less than the longest that is allowed.");
        Assert.Equal(24 * measured.SecondsPerStep + 7 * measured.SecondsPerEvaluation, estimate.Seconds, 6);
        Assert.Equal(24 * measured.LongestSecondsPerStep + 7 * measured.LongestSecondsPerEvaluation, estimate.LongestSeconds, 6);
    }

    [Fact]
    public async Task A_launched_run_takes_the_device_from_a_measurement()
    {
        using var measuring = new ManualResetEventSlim();
        using var coordinator = Coordinator();
        using var measurements = new PlanBenchmarkService(_temporary.Store, coordinator, (_, _, cancellation) =>
        {
            measuring.Set();
            cancellation.WaitHandle.WaitOne();
            throw new OperationCanceledException(cancellation);
        });
        coordinator.Start();
        var begun = measurements.Begin(_study.Plan())!;
        Assert.True(measuring.Wait(Patience));
        Assert.Same(begun, measurements.Begin(_study.Plan("LI")));
        Assert.Null(measurements.Begin(_study.Plan() with { DType = "float32" }));

        var id = coordinator.Launch(_study.Plan());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => begun.Result.WaitAsync(Patience));
        await Eventually(() => _temporary.Store.Run(id)!.State == RunState.Finished);
        Assert.Null(measurements.UnderWay);
    }

    [Fact]
    public async Task While_a_run_has_the_device_nothing_is_measured()
    {
        using var go = new ManualResetEventSlim();
        using var coordinator = Coordinator((_, stop) => go.Wait(stop));
        using var measurements =
            new PlanBenchmarkService(_temporary.Store, coordinator, (_, _, _) => throw new InvalidOperationException("It was measured."));
        coordinator.Start();
        var id = coordinator.Launch(_study.Plan());
        Assert.Null(measurements.Begin(_study.Plan()));
        Assert.Throws<InvalidOperationException>(() => measurements.MeasureNow(_study.Plan(), _ => { }, default));
        go.Set();
        await Eventually(() => _temporary.Store.Run(id)!.State == RunState.Finished);
    }

    [Fact]
    public async Task What_is_wrong_with_the_plan_is_the_measurements_error_and_the_device_is_given_back()
    {
        using var coordinator = Coordinator();
        using var measurements = new PlanBenchmarkService(_temporary.Store, coordinator);
        var begun = measurements.Begin(_study.Plan() with { Data = _study.Folder("missing.json") })!;
        var error = await Assert.ThrowsAsync<PlanException>(() => begun.Result.WaitAsync(Patience));
        Assert.Contains(error.Errors, e => e.Option == "data");
        await Eventually(() => coordinator.TryAcquire() is { } loan && Return(loan));

        static bool Return(DeviceLease loan)
        {
            loan.Dispose();
            return true;
        }
    }

    private static TimeSpan Patience => TimeSpan.FromMinutes(1);

    private static async Task Eventually(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition()) await Task.Delay(20, patience.Token);
    }

    private RunCoordinator Coordinator(Action<int, CancellationToken>? atStep = null) =>
        new(_temporary.Store, _feed, (plan, context) => new ScriptedSession(plan, context, atStep), _ => []);
}
