using System.Globalization;
using System.Text;
using Rer.Engine.Data;
using Rer.Engine.Evaluation;

namespace Rer.Engine.Playground;

/// <summary>A study as a Markdown table, a row a run.</summary>
internal static class StudyTable
{
    private const string Header =
        "| design | seed | gold, start | peak (step) | end | rho | p | verdict | OE gold | CE gold | Self-BLEU OE | Self-BLEU CE |\n" +
        "|---|---|---|---|---|---|---|---|---|---|---|---|\n";

    /// <summary>The table.</summary>
    public static string Render(IEnumerable<StudyRun> runs)
    {
        var table = new StringBuilder(Header);
        foreach (var run in runs)
        {
            var report = run.Monotonicity;
            var gold = run.Gold;
            table.Append(CultureInfo.InvariantCulture, $"| {run.Design} | {run.Seed} | {gold[0]:f2} | {gold.Max():f2} ({report.PeakStep}) | {gold[^1]:f2} ");
            table.Append(CultureInfo.InvariantCulture, $"| {report.Raw.Rho:f2} | {report.Raw.DecisivePValue:g2} | {report.Verdict.Title()} ");
            foreach (var type in QueryTypes.All) table.Append($"| {Change(run.GoldOf(type))} ");
            foreach (var type in QueryTypes.All) table.Append($"| {Change(run.SelfBleuOf(type))} ");
            table.Append("|\n");
        }

        return table.ToString();
    }

    private static string Change(double[] series) => string.Create(CultureInfo.InvariantCulture, $"{series[0]:f2} → {series[^1]:f2}");
}
