using System.Globalization;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation.Judges;

namespace Rer.Engine.Evaluation.Statistics;

/// <summary>Judges whether the proxy rose and fell with gold over a run's checkpoints.</summary>
public static class Monotonicity
{
    /// <summary>Checkpoints below which there is no verdict.</summary>
    public const int FewestPoints = 4;

    /// <summary>Least rho of a monotonic relation.</summary>
    public const double LeastRho = 0.9;

    /// <summary>A monotonic relation's p-value lies below this.</summary>
    public const double Significance = 0.05;

    /// <summary>The relation over the checkpoints so far, its verdict and the rule that gave it.</summary>
    /// <param name="checkpoints">At least one, all evaluated on the same queries; in any order.</param>
    /// <param name="resamples">Bootstrap resamples of the paired differences.</param>
    /// <param name="seed">Decides the draws.</param>
    /// <exception cref="ArgumentException">No checkpoint, or checkpoints of different query sets.</exception>
    public static MonotonicityReport Assess(IReadOnlyList<EvaluationReport> checkpoints, int resamples = Bootstrap.Resamples, int seed = 0)
    {
        RequireSameQueries(checkpoints);
        EvaluationReport[] ordered = [.. checkpoints.OrderBy(checkpoint => checkpoint.Step)];
        double[] proxy = [.. ordered.Select(checkpoint => checkpoint.Proxy.Mean)];
        double[] gold = [.. ordered.Select(checkpoint => checkpoint.Gold.Mean)];
        var pooled = PooledProxy(ordered);
        // Max passes over NaN; where gold is nowhere known, it is the first checkpoint's NaN that is found.
        var peak = Array.IndexOf(gold, gold.Max());
        var (first, last) = (ordered[0], ordered[^1]);
        var report = new MonotonicityReport
        {
            Steps = [.. ordered.Select(checkpoint => checkpoint.Step)],
            Proxy = proxy,
            Gold = gold,
            PooledProxy = pooled,
            Raw = RankRelation.Of(proxy, gold),
            Pooled = RankRelation.Of(pooled, gold),
            ByType = QueryTypes.All
                .Where(type => ordered.All(checkpoint => checkpoint.ByType.ContainsKey(type)))
                .ToDictionary(type => type, type => RelationOf(ordered, type)),
            PeakStep = ordered[peak].Step,
            SinceStart = Bootstrap.PairedDifference(last.GoldByQuery, first.GoldByQuery, resamples, seed),
            SincePeak = Bootstrap.PairedDifference(last.GoldByQuery, ordered[peak].GoldByQuery, resamples, seed),
            Verdict = Verdict.TooFewPoints,
            Rule = "",
        };
        var (verdict, rule) = Judge(report, peak);
        return report with { Verdict = verdict, Rule = rule };
    }

    private static (Verdict Verdict, string Rule) Judge(MonotonicityReport report, int peak)
    {
        var (proxy, gold, relation) = (report.Proxy, report.Gold, report.Raw);
        if (proxy.Length < FewestPoints)
            return (Verdict.TooFewPoints, $"{proxy.Length} of the {FewestPoints} checkpoints that a verdict needs.");
        if (double.IsNaN(relation.Rho))
        {
            var reason = WhyNotDefined("proxy", proxy) ?? WhyNotDefined("gold reward", gold);
            return (Verdict.NotDefined, $"{reason}, so there is no rank correlation.");
        }

        // Nine tenths is not a binary fraction: a rho of .9 computes as a hair less.
        var rhoHolds = relation.Rho >= LeastRho - 1e-12;
        var goldRose = gold[^1] > gold[0];
        var fellFromPeak = report.SincePeak.High < 0;
        var method = relation.ExactPValue is null ? "t approximation" : "exact";
        var significance = $"p {Number(relation.DecisivePValue)} ({method}, n = {proxy.Length})";
        var change = $"gold went from {Number(gold[0])} at the start to {Number(gold[^1])}";

        if (fellFromPeak && proxy[^1] > proxy[peak])
            return (Verdict.OverOptimised,
                $"Gold fell from its peak of {Number(gold[peak])} at step {report.PeakStep} to {Number(gold[^1])} " +
                $"at step {report.Steps[^1]}, by {Amount(report.SincePeak)}, while the proxy rose from {Number(proxy[peak])} to "
                + $"{Number(proxy[^1])}.");
        if (rhoHolds && relation.DecisivePValue < Significance && goldRose)
            return (Verdict.Monotonic,
                $"Rho {Number(relation.Rho)} is at least {LeastRho}, {significance} is below {Significance}, and {change}.");
        if (report.SinceStart.Low > 0 && !fellFromPeak && !rhoHolds)
            return (Verdict.LevelsOff,
                $"Gold rose above its start of {Number(gold[0])} by {Amount(report.SinceStart)} and has not fallen from its peak, " +
                $"but rho {Number(relation.Rho)} is below {LeastRho}.");
        return (Verdict.NoRelation,
            $"No other rule applies: rho {Number(relation.Rho)}, {significance}, and {change}, a change of {Amount(report.SinceStart)}.");
    }

    private static RankRelation RelationOf(EvaluationReport[] ordered, QueryType type) => RankRelation.Of(
        [.. ordered.Select(checkpoint => checkpoint.ByType[type].Proxy.Mean)],
        [.. ordered.Select(checkpoint => checkpoint.ByType[type].Gold.Mean)]);

    // Z-scores within a type are over every query and checkpoint of it, so that a type's rise over the run is kept.
    private static double[] PooledProxy(EvaluationReport[] ordered)
    {
        var queries = ordered[0].ProxyByQuery.Length;
        var sums = new double[ordered.Length];
        foreach (var group in Enumerable.Range(0, queries).GroupBy(query => ordered[0].Types[query]))
        {
            int[] members = [.. group];
            var scores = Normalisation.ZScore(
                [.. ordered.SelectMany(checkpoint => members.Select(query => checkpoint.ProxyByQuery[query]))]);
            for (var i = 0; i < ordered.Length; i++) sums[i] += scores.Skip(i * members.Length).Take(members.Length).Sum();
        }

        return [.. sums.Select(sum => sum / queries)];
    }

    private static void RequireSameQueries(IReadOnlyList<EvaluationReport> checkpoints)
    {
        if (checkpoints.Count == 0) throw new ArgumentException("There is nothing to judge without a checkpoint.", nameof(checkpoints));
        var (expected, first) = (checkpoints[0].GoldByQuery.Length, checkpoints[0].Step);
        if (checkpoints.FirstOrDefault(checkpoint => checkpoint.GoldByQuery.Length != expected) is { } other)
            throw new ArgumentException(
                $"{expected} queries at step {first} and {other.GoldByQuery.Length} at step {other.Step}: " +
                "checkpoints are compared query by query.",
                nameof(checkpoints));
    }

    private static string? WhyNotDefined(string name, double[] series) =>
        series.Any(value => !double.IsFinite(value)) ? $"The {name} is not known at every checkpoint"
        : series.All(value => value == series[0]) ? $"The {name} is the same at every checkpoint ({Number(series[0])})"
        : null;

    private static string Amount(Interval difference) =>
        $"{Number(Math.Abs(difference.Mean))} (95% interval of the difference {Number(difference.Low)} to {Number(difference.High)}, " +
        $"{difference.Count} queries)";

    private static string Number(double value) =>
        value.ToString(Math.Abs(value) is > 0 and < 0.001 ? "0.0e+0" : "0.###", CultureInfo.InvariantCulture);
}
