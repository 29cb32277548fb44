using Rer.Engine.Runs;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Runs.Queue;
using Rer.Web.RunList;
using Rer.Web.Tests.Stores;

namespace Rer.Web.Tests.RunList;

public sealed class RunListTests
{
    [Fact]
    public void Seeds_of_a_design_are_put_together_and_a_run_alone_has_no_heading()
    {
        var groups = new RunListState().Arrange([Run("LI", 2), Run("LI", 1), Run("RER", 1)]);
        Assert.Equal([("LI", true, 2), ("RER", false, 1)], groups.Select(g => (g.Title, g.HasHeading, g.Runs.Count)).Order());
        Assert.Equal([1, 2], groups.First(g => g.Title == "LI").Runs.Select(r => r.Run.Plan.Seed));
    }

    [Fact]
    public void A_sweep_is_put_together_whatever_its_designs_and_always_has_a_heading()
    {
        var groups = new RunListState { Grouping = RunGrouping.Sweep }
            .Arrange([Run("LI", 1, "a"), Run("RER", 1, "a"), Run("LI", 2, "b"), Run("QR", 1)]);
        Assert.Equal([("QR", false, 1), ("a", true, 2), ("b", true, 1)],
            groups.Select(g => (g.Title, g.HasHeading, g.Runs.Count)).OrderBy(g => g.Title, StringComparer.Ordinal));
    }

    [Fact]
    public void The_columns_chosen_come_back_from_their_address_and_the_usual_ones_need_none()
    {
        Assert.Null(RunColumns.Usual.Text);
        var chosen = RunColumns.Usual.With(RunColumn.Policy, false).With(RunColumn.Tau, true);
        Assert.Equal("state,data,options,step,rho,tau,verdict,curve,start,best,final,hours,tags,notes", chosen.Text);
        Assert.True(RunColumns.Parse(chosen.Text).Shown.SetEquals(chosen.Shown));
        Assert.Empty(RunColumns.Parse(new RunColumns(new HashSet<RunColumn>()).Text).Shown);
        Assert.Null(RunColumns.Parse("").Text);
    }

    [Fact]
    public void The_time_on_the_device_goes_on_while_a_run_holds_it()
    {
        var run = Run("LI", 1).Run with { ActiveSeconds = 90, ActiveSince = SampleStore.Begin };
        Assert.Equal(90 + 3600, run.SecondsActive(SampleStore.Begin.AddHours(1)));
        Assert.Equal(90, (run with { ActiveSince = null }).SecondsActive(SampleStore.Begin.AddHours(1)));
    }

    [Fact]
    public void A_groups_address_does_not_change_with_its_runs() =>
        Assert.Equal(new RunListState().Arrange([Run("LI", 1)])[0].Id, new RunListState().Arrange([Run("LI", 1), Run("LI", 2)])[0].Id);

    [Fact]
    public void Each_part_of_a_filter_can_be_dropped()
    {
        var state = new RunListState { Text = "llama", Tag = "draft", Starred = true };
        Assert.Equal(["llama", "tag:draft", "starred"], state.Parts.Select(p => p.Words));
        Assert.Equal(state with { Tag = null }, state.Parts.Single(p => p.Name == "tag").Without);
    }

    [Fact]
    public void Series_over_seeds_go_as_far_as_all_of_them_have_come()
    {
        var group = new RunListState().Arrange([Run("LI", 1, points: [1, 2, 3]), Run("LI", 2, points: [3, 6])])[0];
        var (mean, low, high) = group.SeriesOver(r => r.Proxy);
        Assert.Equal([2, 4], mean);
        Assert.Equal([1, 2], low);
        Assert.Equal([3, 6], high);
    }

    [Fact]
    public void Runs_that_differ_in_another_option_are_not_seeds_of_one_plan()
    {
        RunSummary[] runs = [Run("LI", 1), Run("LI", 2), Run("LI", 1, rate: 2e-3), Run("RER", 1)];
        var groups = new RunListState().Arrange(runs);
        Assert.Equal([("LI", "1 seed"), ("LI", "2 seeds"), ("RER", "1 seed")], groups.Select(g => (g.Title, g.Count)).Order());
        var axes = ListedAxes.Of(runs);
        var axis = Assert.Single(axes.Columns(RunColumns.Usual));
        Assert.Equal(["1e-5", "0.002"], groups.Where(g => g.Title == "LI").Select(g => g.On(axis)).OrderBy(v => v != "1e-5"));
        Assert.Equal("learning rate 0.002", axes.Apart(runs[2].Run.Plan));
        // Alone in its list, a design has no other runs to be told from.
        Assert.Equal("", ListedAxes.Of([runs[0], runs[1]]).Apart(runs[0].Run.Plan));
    }

    [Fact]
    public void What_parts_runs_of_one_design_comes_first_and_a_column_that_is_shown_is_not_repeated()
    {
        RunSummary[] runs = [Run("LI", 1), Run("LI", 2, rate: 2e-3),
            Run("RER", 1, change: p => p with { Policy = "/models/another", Evaluation = p.Evaluation with { Every = 50 } })];
        Assert.Equal(["learning-rate", "eval-every"], ListedAxes.Of(runs).Columns(RunColumns.Usual).Select(a => a.Name));
        Assert.Equal(["learning-rate", "policy", "eval-every"],
            ListedAxes.Of(runs).Columns(RunColumns.Usual.With(RunColumn.Policy, false)).Select(a => a.Name));
    }

    [Fact]
    public void More_options_than_fit_share_a_column()
    {
        RunSummary[] runs =
        [
            Run("LI", 1),
            Run("LI", 1, rate: 2e-3, change: p =>
                p with { Template = "zephyr", Relevance = "precomputed", Device = "cpu", Ppo = p.Ppo with { KlTarget = 3, Gamma = 0.9 } }),
        ];
        var axes = ListedAxes.Of(runs);
        Assert.Equal(ListedAxes.MostColumns, axes.Columns(RunColumns.Usual).Count);
        Assert.Equal(2, axes.Others(RunColumns.Usual).Count);
    }

    [Fact]
    public void A_seed_that_was_run_twice_is_said_to_be()
    {
        var group = new RunListState().Arrange([Run("LI", 1), Run("LI", 1, "again"), Run("LI", 2)])[0];
        Assert.Equal("3 runs of 2 seeds", group.Count);
    }

    [Fact]
    public void The_csv_has_a_column_for_every_option_that_differs_and_says_what_is_one_plan()
    {
        var lines = RunCsv.Write([Run("LI", 1), Run("LI", 2), Run("LI", 1, rate: 2e-3)]).Split("\r\n");
        Assert.EndsWith(",tags,note,group,learning-rate", lines[0], StringComparison.Ordinal);
        var cells = lines[1..4].Select(line => line.Split(',')[^2..]).ToArray();
        Assert.Equal(["1E-05", "1E-05", "0.002"], cells.Select(c => c[1]));
        Assert.Equal((true, false), (cells[0][0] == cells[1][0], cells[0][0] == cells[2][0]));
        Assert.EndsWith(",tags,note,group", RunCsv.Write([Run("LI", 1), Run("LI", 2)]).Split("\r\n")[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "1st"), InlineData(2, "2nd"), InlineData(3, "3rd"), InlineData(4, "4th"), InlineData(11, "11th"), InlineData(12,
        "12th"), InlineData(21, "21st"), InlineData(113, "113th")]
    public void Places_in_a_line_are_ordinals(int place, string text) => Assert.Equal(text, Rer.Web.Formatting.Display.Ordinal(place));

    [Fact]
    public void Places_in_the_queue_count_those_that_wait_and_pass_over_the_paused()
    {
        var places = QueueStatus.Of([Queued("b", 7), Queued("a", 3), Queued("c", 9), Queued("p", 5) with { State = RunState.Paused }]);
        Assert.Equal(new Dictionary<string, int> { ["a"] = 1, ["b"] = 2, ["c"] = 3 }, places);
    }

    private static RunRecord Queued(string id, long position) =>
        Run("LI", 1).Run with { Id = id, State = RunState.Queued, QueuePosition = position };

    private static RunSummary Run(
        string design, int seed, string? sweep = null, double[]? points = null, double rate = 1e-5, Func<RunPlan, RunPlan>? change = null)
    {
        var plan = SampleRun.Plan(design, seed);
        plan = (change ?? (p => p))(plan with { Ppo = plan.Ppo with { LearningRate = rate } });
        return new RunSummary(RunRecord.Of($"{design}-{seed}-{sweep}", plan, SampleStore.Begin) with
        {
            State = RunState.Finished,
            SweepId = sweep,
            SweepName = sweep,
            Points = [.. (points ?? []).Select((p, i) => new EvaluationPoint(i, p, p))],
        });
    }
}
