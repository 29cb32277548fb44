using System.Globalization;
using System.Text;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation.Judges;
using Rer.Engine.Evaluation.Metrics;

namespace Rer.Engine.Playground.Study;

/// <summary>A study as a Markdown table, a row per run.</summary>
internal static class StudyTable
{
    /// <summary>The table.</summary>
    public static string Render(IReadOnlyList<StudyRun> runs)
    {
        MetricColumn[] metrics =
            [.. EvaluationMetrics.Known(runs.SelectMany(run => run.Evaluations)).Where(column => column.Type is not null)];
        string[] headings =
        [
            "design", "seed", "gold, start", "peak (step)", "end", "rho", "p", "verdict",
            .. QueryTypes.All.Select(type => $"{type.ShortCode()} gold"),
            .. metrics.Select(column => $"{column.Metric.Title} {column.Type!.Value.ShortCode()}"),
        ];
        var table = new StringBuilder(
            $"| {string.Join(" | ", headings)} |\n|{string.Concat(Enumerable.Repeat("---|", headings.Length))}\n");
        foreach (var run in runs)
        {
            var report = run.Monotonicity;
            var gold = run.Gold;
            table.Append(CultureInfo.InvariantCulture,
                $"| {run.Design} | {run.Seed} | {gold[0]:f2} | {gold.Max():f2} ({report.PeakStep}) | {gold[^1]:f2} ");
            table.Append(CultureInfo.InvariantCulture,
                $"| {report.Raw.Rho:f2} | {report.Raw.DecisivePValue:g2} | {report.Verdict.Title()} ");
            foreach (var type in QueryTypes.All) table.Append($"| {Change(run.GoldOf(type))} ");
            foreach (var column in metrics) table.Append($"| {Change(run.Of(column))} ");
            table.Append("|\n");
        }

        return table.ToString();
    }

    private static string Change(double[] series) => string.Create(CultureInfo.InvariantCulture, $"{series[0]:f2} → {series[^1]:f2}");
}
