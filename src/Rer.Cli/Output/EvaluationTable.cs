using Rer.Engine.Data;
using Rer.Engine.Evaluation;

namespace Rer.Cli.Output;

/// <summary>A run's evaluations as a table, and what they say of proxy and gold.</summary>
internal static class EvaluationTable
{
    public static void Write(TextWriter output, IReadOnlyList<EvaluationReport> evaluations)
    {
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
    }
}
