using Rer.Cli.Remote;
using Rer.Engine.Data;
using Rer.Engine.Evaluation;
using Rer.Engine.Runs;

namespace Rer.Cli.Output;

/// <summary>A run's evaluations as a table, what they say of proxy and gold, and what is amiss.</summary>
internal static class EvaluationTable
{
    public static void Write(TextWriter output, IRunSource runs, RunRecord run)
    {
        var evaluations = runs.Evaluations(run.Id);
        if (evaluations.Count == 0) return;
        var types = evaluations.SelectMany(e => e.ByType.Keys).Distinct().Order().ToArray();
        var table = new TextTable(
        [
            "step", "proxy", "gold",
            .. types.SelectMany(t => new[] { $"{t.ShortCode()} proxy", $"{t.ShortCode()} gold" }),
            .. types.Select(t => $"{t.ShortCode()} Self-BLEU"),
            "length", "EOS",
        ]);
        foreach (var e in evaluations)
        {
            var scores = types.Select(t => e.ByType.GetValueOrDefault(t)).ToArray();
            table.Add(
            [
                $"{e.Step}", Figures.Fixed(e.Proxy.Mean), Figures.Fixed(e.Gold.Mean),
                .. scores.SelectMany(s => new[] { Figures.Mean(s?.Proxy), Figures.Mean(s?.Gold) }),
                .. scores.Select(s => Figures.Fixed(s?.SelfBleu ?? double.NaN)),
                Figures.Fixed(e.LengthMean, 1), Figures.Fixed(e.EndedWithEos, 2),
            ]);
        }

        table.Write(output);
        output.WriteLine();
        if (run.Monotonicity is { } verdict) WriteVerdict(output, verdict);
        foreach (var alert in runs.Alerts(run)) output.WriteLine(Figures.Line(alert));
    }

    private static void WriteVerdict(TextWriter output, MonotonicityReport report)
    {
        output.WriteLine(Relation("proxy against gold", report.Raw));
        if (report.ByType.Count > 1)
        {
            output.WriteLine(Relation("pooled by type", report.Pooled));
            foreach (var (type, relation) in report.ByType.OrderBy(t => t.Key)) output.WriteLine(Relation(type.Title(), relation));
        }

        output.WriteLine($"verdict: {report.Verdict.Title()}. {report.Rule}");
    }

    private static string Relation(string what, RankRelation relation) => double.IsNaN(relation.Rho)
        ? $"{what}: Spearman's rho is not defined"
        : $"{what}: Spearman's rho {Figures.Correlation(relation.Rho)}, p {Figures.Correlation(relation.DecisivePValue)}"
            + $" ({(relation.ExactPValue is null ? "t approximation" : "exact")}, n = {relation.Points}), Kendall's tau {Figures.Correlation(relation.Tau)}";
}
