using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation;
using Rer.Engine.Evaluation.Judges;
using Rer.Engine.Evaluation.Metrics;
using Rer.Engine.Evaluation.Statistics;
using Rer.Engine.Figures;

namespace Rer.Engine.Playground.Study;

/// <summary>A study's figures in the form of the paper's: means over seeds, each seed behind them.</summary>
internal static class StudyFigures
{
    private const string XLabel = "PPO step";

    // Okabe and Ito's palette: told apart by most colour-blind readers.
    private const string Blue = "#0072b2";
    private const string Orange = "#d55e00";
    private const string Green = "#009e73";

    /// <summary>Writes every figure into a folder.</summary>
    public static void Write(string folder, IReadOnlyList<StudyRun> runs)
    {
        var byDesign = runs.GroupBy(run => run.Design).ToDictionary(group => group.Key, group => group.ToArray());
        Save("proxy-gold", byDesign.Select(design => new FigurePanel(
            design.Key, XLabel, "z-score over the run",
            [.. Lines("proxy", design.Value, Blue, run => Normalised(run, evaluation => evaluation.Proxy.Mean), dashed: true),
             .. Lines("gold", design.Value, Orange, run => Normalised(run, evaluation => evaluation.Gold.Mean))])));

        Save("gold-by-type", QueryTypes.All.Select(type => new FigurePanel(
            $"Gold, {type.Title()}", XLabel, "gold reward",
            [.. byDesign.Where(design => design.Key != "LI").SelectMany((design, i) =>
                Lines(design.Key, design.Value, i == 0 ? Blue : Orange, run => run.GoldOf(type)))])));

        foreach (var metric in EvaluationMetrics.Known(runs.SelectMany(run => run.Evaluations)).GroupBy(column => column.Metric))
        {
            if (metric.Key.Scope != MetricScope.QueryTypes) continue;
            Save(metric.Key.Key.Replace('_', '-'), byDesign.Select(design => new FigurePanel(
                design.Key, XLabel, metric.Key.Title,
                [.. metric.Reverse().SelectMany(column => Lines(
                    column.Type!.Value.Title(), design.Value, column.Type == QueryType.ClosedEnded ? Green : Orange,
                    run => run.Of(column)))])));
        }

        void Save(string name, IEnumerable<FigurePanel> panels) => FigureWriter.Save(folder, name, [.. panels]);
    }

    private static IEnumerable<FigureLine> Lines(string name, StudyRun[] runs, string color, Func<StudyRun, double[]> series,
        bool dashed = false)
    {
        double[] steps = [.. runs[0].Evaluations.Select(evaluation => (double)evaluation.Step)];
        var all = runs.Select(series).ToArray();
        foreach (var one in all) yield return new FigureLine(null, steps, one, color) { Dashed = dashed, Faint = true };
        double[] mean = [.. steps.Select((_, i) => all.Average(one => one[i]))];
        yield return new FigureLine(name, steps, mean, color) { Dashed = dashed };
    }

    private static double[] Normalised(StudyRun run, Func<EvaluationReport, double> value) =>
        [.. Normalisation.ZScore([.. run.Evaluations.Select(value)])];
}
