using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation;
using Rer.Engine.Evaluation.Judges;
using Rer.Engine.Evaluation.Statistics;

namespace Rer.Engine.Tests.Evaluation;

public sealed class MonotonicityTests
{
    [Fact]
    public void Three_checkpoints_are_too_few() =>
        Verdicts(Verdict.TooFewPoints, [1, 2, 3], [1, 2, 3], "3 of the 4 checkpoints that a verdict needs.");

    [Fact]
    public void A_constant_series_has_no_relation_to_speak_of()
    {
        Verdicts(Verdict.NotDefined, [1, 2, 3, 4], [2, 2, 2, 2],
            "The gold reward is the same at every checkpoint (2), so there is no rank correlation.");
        Verdicts(Verdict.NotDefined, [5, 5, 5, 5], [1, 2, 3, 4], "The proxy is the same at every checkpoint (5)");
        Verdicts(Verdict.NotDefined, [1, 2, 3, 4], [1, 2, 3, double.NaN], "The gold reward is not known at every checkpoint");
    }

    [Fact]
    public void Gold_that_falls_while_the_proxy_rises_is_over_optimised() => Verdicts(
        Verdict.OverOptimised, [1, 2, 3, 4, 5], [1, 2, 1.5, 1, 0.5],
        "Gold fell from its peak of 2 at step 10 to 0.5 at step 40, by 1.5 (95% interval of the difference -1.5 to -1.5, 8 queries), while "
            + "the proxy rose from 2 to 5.");

    [Fact]
    public void Gold_that_falls_with_the_proxy_is_not_over_optimised() =>
        Verdicts(Verdict.NoRelation, [1, 5, 4, 3, 2], [1, 2, 1.5, 1.2, 0.5], "No other rule applies: rho");

    [Fact]
    public void A_fall_within_the_interval_is_no_fall()
    {
        // From its peak gold falls on half of the queries and rises on the others.
        double[] noise = [3, -3, 3, -3, 3, -3, 3, -3.8];
        var report = Monotonicity.Assess(Checkpoints([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 5], noise));
        Assert.True(report.SincePeak.Mean < 0 && report.SincePeak.High > 0);
        Assert.Equal(40, report.PeakStep);
        Assert.Equal(Verdict.Monotonic, report.Verdict);
    }

    [Fact]
    public void Series_that_rise_together_are_monotonic() => Verdicts(
        Verdict.Monotonic, [1, 2, 3, 4, 5], [1, 1.1, 1.3, 1.6, 2],
        "Rho 1 is at least 0.9, p 0.017 (exact, n = 5) is below 0.05, and gold went from 1 at the start to 2.");

    [Fact]
    public void Above_nine_checkpoints_the_t_approximation_decides()
    {
        double[] rising = [.. Enumerable.Range(0, 12).Select(i => (double)i)];
        Verdicts(Verdict.Monotonic, rising, rising, "(t approximation, n = 12)");
    }

    [Fact]
    public void Four_points_cannot_be_significant() =>
        Verdicts(Verdict.NoRelation, [1, 2, 3, 4], [1, 2, 3, 4], "rho 1, p 0.083 (exact, n = 4)");

    [Fact]
    public void Gold_that_rises_and_stays_levels_off() => Verdicts(
        Verdict.LevelsOff, [1, 2, 3, 4, 5, 6], [1, 2, 2.1, 2.05, 2.08, 2.1],
        "Gold rose above its start of 1 by 1.1 (95% interval of the difference 1.1 to 1.1, 8 queries) and has not fallen from its peak, "
            + "but rho 0.754 is below 0.9.");

    [Fact]
    public void Checkpoints_are_taken_in_the_order_of_their_steps()
    {
        var checkpoints = Checkpoints([1, 2, 3, 4, 5], [1, 2, 1.5, 1, 0.5]);
        var report = Monotonicity.Assess([.. checkpoints.Reverse()]);
        Assert.Equal([0, 10, 20, 30, 40], report.Steps);
        Assert.Equal(Verdict.OverOptimised, report.Verdict);
    }

    [Fact]
    public void Query_types_are_judged_apart_and_pooled_on_one_scale()
    {
        // Closed-ended proxies are ten times as large and fall; open-ended ones rise, on more queries.
        double[] open = [0.1, 0.2, 0.3, 0.4], closed = [5, 4.9, 4.8, 4.7];
        var checkpoints = Enumerable.Range(0, 4).Select(i => Checkpoint(
            i * 10, [open[i], open[i], open[i], closed[i]], [i, i, i, -i],
            [QueryType.OpenEnded, QueryType.OpenEnded, QueryType.OpenEnded, QueryType.ClosedEnded])).ToArray();

        var report = Monotonicity.Assess(checkpoints);

        Assert.Equal(1, report.ByType[QueryType.OpenEnded].Rho, 1e-12);
        Assert.Equal(1, report.ByType[QueryType.ClosedEnded].Rho, 1e-12);
        var unit = Math.Sqrt(1.25);
        double[] expected = [-1.5 / unit, -0.5 / unit, 0.5 / unit, 1.5 / unit];
        Assert.Equal(expected.Select(z => z * 2 / 4), report.PooledProxy, (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Equal(1, report.Pooled.Tau, 1e-12);
    }

    [Fact]
    public void Checkpoints_of_different_queries_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(
            () => Monotonicity.Assess([Checkpoint(0, [1, 2], [1, 2], [null, null]), Checkpoint(500, [1], [1], [null])]));
        Assert.Contains("2 queries at step 0 and 1 at step 500", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Monotonicity.Assess([]));
    }

    private static void Verdicts(Verdict verdict, double[] proxy, double[] gold, string rule)
    {
        var report = Monotonicity.Assess(Checkpoints(proxy, gold));
        Assert.Equal(verdict, report.Verdict);
        Assert.Contains(rule, report.Rule, StringComparison.Ordinal);
    }

    // Eight queries that all move alike; noise is added to the last checkpoint's gold.
    private static EvaluationReport[] Checkpoints(double[] proxy, double[] gold, double[]? noise = null) =>
    [
        .. proxy.Select((mean, i) => Checkpoint(
            i * 10,
            [.. Enumerable.Repeat(mean, 8)],
            [.. Enumerable.Range(0, 8).Select(query => gold[i] + (i == proxy.Length - 1 && noise is not null ? noise[query] : 0))],
            new QueryType?[8])),
    ];

    private static EvaluationReport Checkpoint(int step, double[] proxy, double[] gold, QueryType?[] types)
    {
        Interval Mean(double[] values, QueryType? type) =>
            Bootstrap.Interval([.. values.Where((_, i) => type is null || types[i] == type)], resamples: 10);
        return new EvaluationReport
        {
            Step = step,
            Proxy = Mean(proxy, null),
            Gold = Mean(gold, null),
            ByType = types.OfType<QueryType>().Distinct()
                .ToDictionary(type => type, type => new TypeScores(Mean(proxy, type), Mean(gold, type))),
            PresetProxies = new Dictionary<string, double>(),
            ProxyByQuery = proxy,
            GoldByQuery = gold,
            Types = types,
            Seconds = 1,
        };
    }
}
