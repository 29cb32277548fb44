using Rer.Engine.Runs;
using Rer.Web.Listing;
using Rer.Web.Tests.Stores;

namespace Rer.Web.Tests.Listing;

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
        var groups = new RunListState { Grouping = RunGrouping.Sweep }.Arrange([Run("LI", 1, "a"), Run("RER", 1, "a"), Run("LI", 2, "b"), Run("QR", 1)]);
        Assert.Equal([("QR", false, 1), ("a", true, 2), ("b", true, 1)], groups.Select(g => (g.Title, g.HasHeading, g.Runs.Count)).OrderBy(g => g.Title, StringComparer.Ordinal));
    }

    [Fact]
    public void The_columns_chosen_come_back_from_their_address_and_the_usual_ones_need_none()
    {
        Assert.Null(RunColumns.Usual.Text);
        var chosen = RunColumns.Usual.With(RunColumn.Policy, false).With(RunColumn.Tau, true);
        Assert.Equal("state,data,step,rho,tau,verdict,curve,start,best,final,hours,tags,notes", chosen.Text);
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

    [Theory]
    [InlineData(1, "1st"), InlineData(2, "2nd"), InlineData(3, "3rd"), InlineData(4, "4th"), InlineData(11, "11th"), InlineData(12, "12th"), InlineData(21, "21st"), InlineData(113, "113th")]
    public void Places_in_a_line_are_ordinals(int place, string text) => Assert.Equal(text, Rer.Web.Formatting.Display.Ordinal(place));

    [Fact]
    public void Places_in_the_queue_count_those_that_wait_and_pass_over_the_paused()
    {
        var places = QueuePlace.Of([Queued("b", 7), Queued("a", 3), Queued("c", 9), Queued("p", 5) with { State = RunState.Paused }]);
        Assert.Equal(new Dictionary<string, int> { ["a"] = 1, ["b"] = 2, ["c"] = 3 }, places);
    }

    private static RunRecord Queued(string id, long position) => Run("LI", 1).Run with { Id = id, State = RunState.Queued, QueuePosition = position };

    private static RunSummary Run(string design, int seed, string? sweep = null, double[]? points = null)
    {
        var plan = SampleRun.Plan(design, seed);
        return new RunSummary(RunRecord.Of($"{design}-{seed}-{sweep}", plan, SampleStore.Begin) with
        {
            State = RunState.Finished,
            SweepId = sweep,
            SweepName = sweep,
            Points = [.. (points ?? []).Select((p, i) => new EvaluationPoint(i, p, p))],
        });
    }
}
