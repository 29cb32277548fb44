using Rer.Cli.Remote;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation;
using Rer.Engine.Evaluation.Judges;
using Rer.Engine.Evaluation.Metrics;
using Rer.Engine.Evaluation.Statistics;
using Rer.Engine.Runs;

namespace Rer.Cli.Output;

/// <summary>A run's evaluations as a table, what they say of proxy and gold, and what is amiss.</summary>
internal static class EvaluationTable
{
    // Responses that a model read only in part: a column where there are any.
    private static readonly (string Heading, Func<CutCount, int?> Of)[] _cuts =
        [("gold cut", count => count.Gold), ("relevance cut", count => count.Relevance)];

    public static void Write(TextWriter output, IRunSource runs, RunRecord run)
    {
        var evaluations = runs.Evaluations(run.Id);
        if (evaluations.Count == 0) return;
        var types = evaluations.SelectMany(e => e.ByType.Keys).Distinct().Order().ToArray();
        var metrics = EvaluationMetrics.Known(evaluations);
        var cuts = _cuts.Where(cut => evaluations.Any(e => e.Cuts is { } texts && cut.Of(texts.All) > 0)).ToArray();
        var table = new TextTable(
        [
            "step", "proxy", "gold",
            .. types.SelectMany(t => new[] { $"{t.ShortCode()} proxy", $"{t.ShortCode()} gold" }),
            .. metrics.Select(column => column.Heading), .. cuts.Select(cut => cut.Heading),
        ]);
        foreach (var e in evaluations)
        {
            var scores = types.Select(t => e.ByType.GetValueOrDefault(t)).ToArray();
            table.Add(
            [
                $"{e.Step}", Figures.Fixed(e.Proxy.Mean), Figures.Fixed(e.Gold.Mean),
                .. scores.SelectMany(s => new[] { Figures.Mean(s?.Proxy), Figures.Mean(s?.Gold) }),
                .. metrics.Select(column => Figures.Fixed(column.Of(e), column.Metric.Decimals)),
                .. cuts.Select(cut => e.Cuts is { } texts && cut.Of(texts.All) is { } count ? $"{count}/{texts.All.Texts}" : Figures.None),
            ]);
        }

        table.Write(output);
        if (evaluations.LastOrDefault(e => e.Cuts is { Any: true }) is { } last)
            foreach (var sentence in last.Cuts!.Sentences()) output.WriteLine($"step {last.Step}: {sentence}");
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
            + $" ({(relation.ExactPValue is null ? "t approximation" : "exact")}, n = {relation.Points}), Kendall's tau "
            + $"{Figures.Correlation(relation.Tau)}";
}
