using System.Text.Json;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Storage;
using Rer.Engine.Tests.Runs;
using Rer.Engine.Training;

namespace Rer.Engine.Tests.Storage;

/// <summary>What holds of a store of runs, whatever it keeps them in.</summary>
public abstract class RunStoreContract : IDisposable
{
    private IRunStore? _store;

    /// <summary>The store's folder.</summary>
    protected string Folder { get; } = Directory.CreateTempSubdirectory("rer-store-").FullName;

    /// <summary>The store, opened when it is first asked for.</summary>
    protected IRunStore Store => _store ??= Open(Folder);

    public void Dispose()
    {
        _store?.Dispose();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens a store in a folder.</summary>
    protected abstract IRunStore Open(string folder);

    /// <summary>Closes the store; it is opened again when it is asked for.</summary>
    protected void Reopen()
    {
        _store?.Dispose();
        _store = null;
    }

    [Fact]
    public void A_run_comes_back_as_it_was_added()
    {
        var added = Samples.Record("r1") with { SweepId = "s", SweepName = "Sweep", QueuePosition = 3 };
        Store.Add(added);
        Reopen();
        Assert.Equivalent(added, Store.Run("r1"), strict: true);
    }

    [Fact]
    public void Events_are_numbered_from_one_without_gaps_and_come_back_whole()
    {
        Store.Add(Samples.Record("r1"));
        Store.Add(Samples.Record("r2"));
        Store.Append("r1", [new StateChanged(RunState.Running, null), Samples.Step(1)]);
        Store.Append("r2", [Samples.Step(1)]);
        Store.Append("r1",
            [new EvaluationCompleted(Samples.Evaluation(1)), new CheckpointSaved(1, "step1"), new LogWritten("info", 1, "Tack.")]);

        var events = Store.EventsSince("r1", 0);

        Assert.Equal([1L, 2, 3, 4, 5], events.Select(e => e.Sequence));
        Assert.Equal(0.1, Assert.IsType<StepCompleted>(events[1]).Report[Metric.ProxyMean]);
        Assert.Equivalent(Samples.Evaluation(1), Assert.IsType<EvaluationCompleted>(events[2]).Report, strict: true);
        Assert.Equal("step1", Assert.IsType<CheckpointSaved>(events[3]).Folder);
        Assert.Equal([5L], Store.EventsSince("r1", 4).Select(e => e.Sequence));
        Assert.Equal(5, Store.Run("r1")!.LastSequence);
    }

    [Fact]
    public void The_newest_events_are_few_steps_and_as_many_others_as_are_asked_for_without_what_was_taken_back()
    {
        Store.Add(Samples.Record("r1"));
        Store.Append("r1", [new StateChanged(RunState.Running, null), new LogWritten("info", 0, "Old.")]);
        Store.Append("r1", [.. Enumerable.Range(1, 40).Select(Samples.Step)]);
        Store.Append("r1", [new EvaluationCompleted(Samples.Evaluation(40)), new LogWritten("info", 40, "New."), Samples.Step(41)]);
        Assert.Equal(["step 39", "step 40", "evaluation", "New.", "step 41"], Store.NewestEvents("r1", limit: 2, steps: 3).Select(Name));
        Store.RewindTo("r1", 40);
        Assert.Equal(["step 40", "New.", "rewound"], Store.NewestEvents("r1", limit: 2, steps: 1).Select(Name));

        static string Name(RunEvent e) => e switch
        {
            StepCompleted step => $"step {step.Report.Step}",
            EvaluationCompleted => "evaluation",
            LogWritten line => line.Text,
            Rewound => "rewound",
            _ => e.GetType().Name,
        };
    }

    [Fact]
    public void A_change_of_state_stops_the_clock_of_the_time_on_the_device()
    {
        var start = new DateTimeOffset(2026, 7, 30, 12, 0, 0, TimeSpan.Zero);
        Store.Add(Samples.Record("r1"));
        Store.Append("r1", [new StateChanged(RunState.Running, null) { At = start }]);
        Store.Append("r1", [new StateChanged(RunState.Paused, null) { At = start.AddSeconds(10) }]);
        Store.Append("r1", [new StateChanged(RunState.Running, null) { At = start.AddSeconds(100) }]);
        Store.Append("r1", [new StateChanged(RunState.Failed, "Why.") { At = start.AddSeconds(105) }]);

        var run = Store.Run("r1")!;

        Assert.Equal(15, run.ActiveSeconds, 3);
        Assert.Equal((RunState.Failed, "Why."), (run.State, run.Reason));
        Assert.Equal((start, start.AddSeconds(105)), (run.Started, run.Ended));
    }

    [Fact]
    public void An_evaluation_and_its_rollouts_are_written_together_or_not_at_all()
    {
        Store.Add(Samples.Record("r1"));
        var twice = new[] { Samples.Rollout(0, 0, 0), Samples.Rollout(0, 0, 0) }; // one place, two rollouts

        Assert.Throws<StoreException>(() => Store.Append("r1", [new EvaluationCompleted(Samples.Evaluation(0))], twice));

        Assert.Empty(Store.Evaluations("r1"));
        Assert.Empty(Store.EventsSince("r1", 0));
        Assert.Equal(0, Store.Rollouts(new RolloutQuery { RunId = "r1" }).Total);
    }

    [Fact]
    public void A_second_evaluation_of_a_step_takes_the_place_of_the_first()
    {
        Store.Add(Samples.Record("r1"));
        Store.Append("r1", [new EvaluationCompleted(Samples.Evaluation(0))], [Samples.Rollout(0, 0, 0), Samples.Rollout(0, 1, 0)]);
        Store.Append("r1", [new EvaluationCompleted(Samples.Evaluation(0) with { Seconds = 9 })], [Samples.Rollout(0, 0, 0, "Second.")]);

        Assert.Equal(9, Assert.Single(Store.Evaluations("r1")).Seconds);
        Assert.Equal("Second.", Assert.Single(Store.Rollouts(new RolloutQuery { RunId = "r1" }).Rows).Rollout.Response);
        Assert.Equal([typeof(Withdrawn), typeof(EvaluationCompleted)], Store.EventsSince("r1", 0).Select(e => e.GetType()));
    }

    [Fact]
    public void Rewinding_takes_back_what_lies_beyond_the_step_and_leaves_no_gap_in_the_stream()
    {
        Store.Add(Samples.Record("r1"));
        Store.Append("r1", [new EvaluationCompleted(Samples.Evaluation(0))], [Samples.Rollout(0, 0, 0)]);
        Store.Append("r1", [Samples.Step(1), Samples.Step(2), Samples.Step(3)]);
        Store.Append("r1", [new EvaluationCompleted(Samples.Evaluation(3))], [Samples.Rollout(3, 0, 0)]);

        Store.RewindTo("r1", 1);

        var events = Store.EventsSince("r1", 0);
        Assert.Equal([1L, 2, 3, 4, 5, 6], events.Select(e => e.Sequence));
        Assert.Equal(
            [typeof(EvaluationCompleted), typeof(StepCompleted), typeof(Withdrawn), typeof(Withdrawn), typeof(Withdrawn), typeof(Rewound)],
            events.Select(e => e.GetType()));
        Assert.Equal(1, Store.Run("r1")!.Step);
        Assert.Equal([0], Store.Evaluations("r1").Select(e => e.Step));
        Assert.Equal([0], Store.Rollouts(new RolloutQuery { RunId = "r1" }).Rows.Select(r => r.Rollout.Step));

        Store.Append("r1", [Samples.Step(2)]);
        Assert.Equal([1, 2], Store.Metrics("r1", [Metric.Kl])[0].Steps);
    }

    [Fact]
    public void A_metric_that_first_comes_at_a_later_step_is_nan_before_it()
    {
        Store.Add(Samples.Record("r1"));
        Store.Append("r1", [Samples.Step(1)]);
        Store.Append("r1", [new StepCompleted(new StepReport(2, new Dictionary<string, double> { ["late"] = 7 }))]);

        var series = Store.Metrics("r1", ["late", Metric.Kl, "never"]);

        Assert.Equal([double.NaN, 7], series[0].Values);
        Assert.Equal([1, double.NaN], series[1].Values);
        Assert.Equal([double.NaN, double.NaN], series[2].Values);
    }

    [Fact]
    public void Thinned_metrics_keep_a_spike_of_one_step()
    {
        Store.Add(Samples.Record("r1"));
        Store.Append("r1", [.. Enumerable.Range(1, 5_000).Select(step =>
            new StepCompleted(new StepReport(step, new Dictionary<string, double> { ["kl"] = step == 3_333 ? 99 : Math.Sin(step) })))]);

        var series = Store.Metrics("r1", ["kl"], maxPoints: 200)[0];

        Assert.InRange(series.Steps.Length, 100, 200);
        Assert.Equal(99, series.Values[Array.IndexOf(series.Steps, 3_333)]);
        Assert.Equal(series.Steps.Order(), series.Steps);
    }

    [Fact]
    public void Rollouts_are_found_by_step_type_and_text()
    {
        Store.Add(Samples.Record("r1"));
        Store.Append("r1", [],
            [Samples.Rollout(0, 0, 0, "Half a 50% off\\deal"), Samples.Rollout(0, 1, 0, "Café"), Samples.Rollout(0, 2, 0)]);
        Store.Append("r1", [], [Samples.Rollout(5, 0, 0), Samples.Rollout(5, 1, 0)]);

        Assert.Equal(2, Count(new RolloutQuery { RunId = "r1", Step = 5 }));
        Assert.Equal(2, Count(new RolloutQuery { RunId = "r1", QueryType = QueryType.ClosedEnded }));
        Assert.Equal(1, Count(new RolloutQuery { RunId = "r1", Text = "50% OFF\\" }));
        Assert.Equal(0, Count(new RolloutQuery { RunId = "r1", Text = "5__ off" }));
        Assert.Equal(2, Count(new RolloutQuery { RunId = "r1", Text = "query 1?" }));
        Assert.Equal(1, Count(new RolloutQuery { RunId = "r1", Text = "café", Step = 0 }));
        Assert.Equal(5, Count(new RolloutQuery { RunId = "r1", Offset = 100 }));
        Assert.Equivalent(
            Samples.Rollout(0, 1, 0, "Café"),
            Store.Rollouts(new RolloutQuery { RunId = "r1", Item = 1, Step = 0 }).Rows.Single().Rollout,
            strict: true);

        int Count(RolloutQuery query) => Store.Rollouts(query).Total;
    }

    [Fact]
    public void Rollouts_are_sorted_by_how_far_their_ranks_are_apart()
    {
        Store.Add(Samples.Record("r1"));
        (double Proxy, double Gold)[] scores = [(1, 1), (2, 4), (3, 3), (9, 2)];
        Store.Append("r1", [], [.. scores.Select((s, i) => Samples.Rollout(0, i, 0) with { Proxy = s.Proxy, Gold = s.Gold })]);

        var page = Store.Rollouts(new RolloutQuery { RunId = "r1", Sort = RolloutSort.Disagreement, Descending = true, Limit = 2 });

        Assert.Equal(4, page.Total);
        Assert.Equal([1, 3], page.Rows.Select(r => r.Rollout.Item));
        Assert.Equal((2, 4), (page.Rows[0].ProxyRank, page.Rows[0].GoldRank));
        Assert.Equal((4, 2), (page.Rows[1].ProxyRank, page.Rows[1].GoldRank));
    }

    [Fact]
    public void Runs_are_filtered_by_state_star_tag_and_text()
    {
        foreach (var id in new[] { "r1", "r2", "r3" }) Store.Add(Samples.Record(id));
        Store.Append("r2", [new StateChanged(RunState.Finished, null)]);
        Store.SetStarred("r1", true);
        Store.SetTags("r3", ["long", " b ", "long"]);
        Store.SetNote("r3", "Looks 100% odd");

        Assert.Equal(["r2"], Ids(new RunFilter { States = [RunState.Finished, RunState.Failed] }));
        Assert.Equal(["r1"], Ids(new RunFilter { StarredOnly = true }));
        Assert.Equal(["r3"], Ids(new RunFilter { Tag = "long" }));
        Assert.Empty(Ids(new RunFilter { Tag = "lon" }));
        Assert.Equal(["r3"], Ids(new RunFilter { Text = "0% ODD" }));
        Assert.Equal(3, Ids(new RunFilter { Text = "models/policy" }).Length);
        Assert.Equal(["b", "long"], Store.Run("r3")!.Tags);

        string[] Ids(RunFilter filter) => [.. Store.Runs(filter).Select(r => r.Id)];
    }

    [Fact]
    public void A_deleted_run_leaves_nothing_behind()
    {
        Store.Add(Samples.Record("r1"));
        Store.Append("r1", [Samples.Step(1), new EvaluationCompleted(Samples.Evaluation(1))], [Samples.Rollout(1, 0, 0)]);
        var folder = Store.RunFolder("r1");

        Store.Delete("r1");

        Assert.Null(Store.Run("r1"));
        Assert.Empty(Store.EventsSince("r1", 0));
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void What_is_written_on_a_run_has_bounds()
    {
        Store.Add(Samples.Record("r1"));
        const string id = "r1";
        Store.SetNote(id, new string('n', RunLabels.LongestNote));
        Store.SetTags(id, [new string('t', 499), new string('u', 500)]);
        Assert.Equal(
            "note: 5000000 characters; at most 10000 are kept.",
            Assert.Throws<ArgumentException>(() => Store.SetNote(id, new string('n', 5_000_000))).Message);
        Assert.Equal(
            "tags: 1001 characters; at most 1000 are kept.",
            Assert.Throws<ArgumentException>(() => Store.SetTags(id, [new string('t', 500), new string('u', 500)])).Message);
        Assert.Equal(RunLabels.LongestNote, Store.Run(id)!.Note.Length);
        Assert.Equal(
            "name: 5000000 characters; at most 200 are kept.",
            Assert.Throws<ArgumentException>(() => RunLabels.SweepName(new string('s', 5_000_000))).Message);
    }

    [Fact]
    public void A_plan_comes_back_from_json_with_the_same_hash()
    {
        var plan = Samples.Plan(seed: 7, steps: 123);
        var back = JsonSerializer.Deserialize<RunPlan>(JsonSerializer.Serialize(plan, RunJson.Indented), RunJson.Indented)!;
        Assert.Equal(plan.Hash, back.Hash);
        Assert.NotEqual(plan.Hash, (plan with { Seed = 8 }).Hash);
        Assert.Equivalent(plan, back, strict: true);
    }
}
