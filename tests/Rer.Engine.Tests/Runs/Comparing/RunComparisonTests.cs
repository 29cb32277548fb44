using Rer.Engine.Runs;
using Rer.Engine.Runs.Comparing;
using Rer.Engine.Runs.Events;

namespace Rer.Engine.Tests.Runs.Comparing;

public sealed class RunComparisonTests
{
    [Fact]
    public void Means_are_over_seeds_of_one_plan_and_never_over_two_plans()
    {
        var comparison = RunComparison.Of([Run("a", 1, 5e-4, [0, 1, 2]), Run("b", 2, 5e-4, [0, 3, 4]), Run("c", 1, 2e-3, [0, 5, 6])]);
        Assert.Equal(["learning-rate"], comparison.Axes);
        Assert.Equal([("0.002", 6.0, 1), ("0.0005", 3.0, 2)], comparison.Groups
            .Select(g => (g.Options["learning-rate"], g.GoldFinal.Mean, g.GoldFinal.Count)));
        Assert.Equal((2, 4), (comparison.Groups[1].GoldFinal.Low, comparison.Groups[1].GoldFinal.High));
        Assert.Equal(["a", "b"], comparison.Groups[1].Runs);
    }

    [Fact]
    public void Figures_are_of_the_last_step_that_every_run_has_reached()
    {
        var comparison = RunComparison.Of([Run("a", 1, 5e-4, [0, 9, 1]), Run("b", 2, 5e-4, [0, 3]), Run("c", 3, 5e-4, [])]);
        Assert.Equal(100, comparison.Reached);
        Assert.Equal(["c"], comparison.LeftOut);
        var group = Assert.Single(comparison.Groups);
        Assert.Equal((6, 6), (group.GoldFinal.Mean, group.GoldBest.Mean));
    }

    [Fact]
    public void Nothing_to_compare_is_an_empty_table() => Assert.Empty(RunComparison.Of([]).Groups);

    private static RunRecord Run(string id, int seed, double rate, double[] gold)
    {
        var plan = Samples.Plan(seed);
        return Samples.Record(id, plan with { Ppo = plan.Ppo with { LearningRate = rate } }) with
        {
            Points = [.. gold.Select((g, i) => new EvaluationPoint(100 * i, g / 2, g))],
        };
    }
}
