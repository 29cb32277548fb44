using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation;
using Rer.Engine.Evaluation.Metrics;
using Rer.Engine.Evaluation.Statistics;
using Rer.Web.Formatting;

namespace Rer.Web.Charts;

/// <summary>The figures of one run.</summary>
public static class RunCharts
{
    private static readonly ChartMargin EndNames = new(40, 92, 8, 28);

    /// <summary>Proxy against gold over the checkpoints.</summary>
    /// <param name="evaluations">By step.</param>
    /// <param name="scale">Normalised or raw.</param>
    /// <param name="now">PPO steps completed.</param>
    /// <param name="planned">PPO steps planned.</param>
    /// <param name="overOptimised">Draws the fall from the gold peak as a bracket.</param>
    public static ChartSpec ProxyAgainstGold(IReadOnlyList<EvaluationReport> evaluations, Scale scale, int now, int planned,
        bool overOptimised)
    {
        var steps = Steps(evaluations);
        var end = Math.Max(planned, steps.Length > 0 ? (int)steps[^1] : 1);
        var hasGold = evaluations.Any(e => double.IsFinite(e.Gold.Mean));
        var peak = Peak(evaluations);
        var fell = peak > 0 && peak < evaluations.Count - 1;
        List<ChartMark> marks = [.. now < end ? ToCome(now, end) : [], .. fell ? [GoldPeak(steps[peak], end)] : Array.Empty<ChartMark>()];
        var x = new ChartAxis { Range = [-0.015 * end, end], Values = Ticks.Steps(end), Title = "PPO step" };

        var rawProxy = Banded("proxy", "Proxy", evaluations, e => e.Proxy);
        return !hasGold ? OnePanel() : scale == Scale.Raw ? TwoPanels(Banded("gold", "Gold", evaluations, e => e.Gold, "y2"))
            : Normalised();

        ChartSpec TwoPanels(ChartTrace gold) => new()
        {
            Traces = [gold, rawProxy],
            X = x with { Anchor = "y2" },
            Y = new ChartAxis { Domain = [0.55, 1], Title = "proxy, raw", Range = MeansRange.Of([rawProxy]) },
            Y2 = new ChartAxis { Domain = [0, 0.47], Ticks = 4, Title = "gold, raw", Range = MeansRange.Of([gold]) },
            Margin = new ChartMargin(52, 24, 8, 40),
            Marks = marks,
        };

        ChartSpec OnePanel() => new()
        {
            Traces = [rawProxy],
            X = x,
            Y = new ChartAxis { Title = "proxy, raw", Range = MeansRange.Of([rawProxy]) },
            Margin = new ChartMargin(52, 56, 8, 40),
            Marks = marks,
            Ends = Ends(("proxy", "Proxy", evaluations.Select(e => e.Proxy.Mean).ToArray())),
        };

        ChartSpec Normalised()
        {
            var proxy = Scaled("proxy", "Proxy", evaluations, e => e.Proxy, scale);
            var gold = Scaled("gold", "Gold", evaluations, e => e.Gold, scale);
            if (overOptimised && peak >= 0 && peak < evaluations.Count - 1)
            {
                var fall = evaluations[peak].Gold.Mean - evaluations[^1].Gold.Mean;
                marks.AddRange(Fall(steps[peak], steps[^1], gold.Y![peak], gold.Y[^1], $"−{Display.Number(fall)} raw"));
            }

            var ticks = scale == Scale.ZScore ? new double[] { -2, -1, 0, 1, 2 } : [0, 0.5, 1];
            return new ChartSpec
            {
                Traces = [gold, proxy],
                X = x,
                Y = new ChartAxis
                {
                    Title = scale == Scale.ZScore ? "z-score over this run's checkpoints"
                        : "share of the way from lowest to highest checkpoint",
                    Standoff = 4,
                    Values = ticks,
                    Range = MeansRange.Of([gold, proxy], scale == Scale.ZScore ? [-1.6, 1.6] : [-0.08, 1.08]),
                },
                Margin = new ChartMargin(40, end - steps.LastOrDefault() > 0.1 * end ? 16 : 56, 8, 40),
                Marks = marks,
                Ends = Ends(("proxy", "Proxy", proxy.Y!), ("gold", "Gold", gold.Y!)),
            };
        }

        ChartEnd[] Ends(params (string Key, string Name, double[] Values)[] series) => EndLabels(steps, series);
    }

    /// <summary>The steps that are still to come, and where the run stands.</summary>
    private static ChartMark[] ToCome(int now, int end) =>
    [
        new ChartMark { Kind = "span", X = now, X1 = end, Color = "--raised" },
        new ChartMark { Kind = "vertical", X = now, Color = "--ink-3", Text = $"now, {Display.Count(now)}", Left = now > 0.85 * end },
    ];

    private static ChartMark GoldPeak(double step, int end) => new()
    {
        Kind = "vertical",
        X = step,
        Color = "--gold",
        Dash = "3px,3px",
        Bottom = true,
        Text = $"gold peak, step {Display.Count((int)step)}",
        TextColor = "--gold-ink",
        Left = step > 0.7 * end,
    };

    /// <summary>How far gold has fallen from its peak: a line at the peak's height, and a bracket from it down to where gold is.</summary>
    private static ChartMark[] Fall(double peakStep, double lastStep, double peak, double last, string text) =>
    [
        new ChartMark { Kind = "horizontal", X = peakStep, X1 = lastStep, Y = peak, Color = "--gold", Dash = "3px,3px" },
        new ChartMark { Kind = "bracket", X = lastStep, Y = peak, Y1 = last, Color = "--gold-ink", Text = text },
    ];

    /// <summary>Gold by query type, with intervals.</summary>
    public static ChartSpec GoldByType(IReadOnlyList<EvaluationReport> evaluations) => ByType(
        evaluations, type => Banded(Names.Series(type), Names.Of(type), evaluations, e => e.ByType.GetValueOrDefault(type)?.Gold ?? Gap),
        [], null);

    /// <summary>A metric by query type.</summary>
    public static ChartSpec MetricByType(IReadOnlyList<EvaluationReport> evaluations, IEvaluationMetric metric) => ByType(
        evaluations,
        type => new ChartTrace
        {
            Key = Names.Series(type),
            Name = Names.Of(type),
            X = Steps(evaluations),
            Y = [.. evaluations.Select(new MetricColumn(metric, type).Of)],
            Hover = $".{metric.Decimals}f",
        },
        [],
        new ChartAxis { Format = ".2~f", Ticks = 5 });

    /// <summary>The metrics by query type that some evaluation has, each of which has a figure.</summary>
    public static IReadOnlyList<IEvaluationMetric> ByTypeMetrics(IEnumerable<EvaluationReport> evaluations) =>
        [.. EvaluationMetrics.Known(evaluations).Where(column => column.Type is not null).Select(column => column.Metric).Distinct()];

    /// <summary>The numbers behind the figures.</summary>
    public static NumbersTable Numbers(IReadOnlyList<EvaluationReport> evaluations)
    {
        var types = Types(evaluations);
        var metrics = EvaluationMetrics.Known(evaluations);
        List<NumbersColumn> columns = [new("Step", 0), new("Proxy", 3), new("Proxy low", 3), new("Proxy high", 3), new("Gold", 3),
            new("Gold low", 3), new("Gold high", 3)];
        foreach (var type in types)
            columns.AddRange([new($"Proxy {type.ShortCode()}", 3), new($"Gold {type.ShortCode()}", 3), .. Of(type).Select(Names.Column)]);
        columns.AddRange(Of(null).Select(Names.Column));
        return new NumbersTable(columns, [.. evaluations.Select(Row)]);

        IEnumerable<MetricColumn> Of(QueryType? type) => metrics.Where(column => column.Type == type);

        double[] Row(EvaluationReport e) =>
        [
            e.Step, e.Proxy.Mean, e.Proxy.Low, e.Proxy.High, e.Gold.Mean, e.Gold.Low, e.Gold.High,
            .. types.SelectMany(t => (double[])
            [
                e.ByType.GetValueOrDefault(t)?.Proxy.Mean ?? double.NaN, e.ByType.GetValueOrDefault(t)?.Gold.Mean ?? double.NaN,
                .. Of(t).Select(column => column.Of(e)),
            ]),
            .. Of(null).Select(column => column.Of(e)),
        ];
    }

    /// <summary>Position of the highest mean gold among the evaluations; -1 where there is none.</summary>
    public static int Peak(IReadOnlyList<EvaluationReport> evaluations)
    {
        var peak = -1;
        for (var i = 0; i < evaluations.Count; i++)
            if (double.IsFinite(evaluations[i].Gold.Mean) && (peak < 0 || evaluations[i].Gold.Mean > evaluations[peak].Gold.Mean)) peak = i;
        return peak;
    }

    /// <summary>Query types that occur, open-ended first.</summary>
    public static IReadOnlyList<QueryType> Types(IReadOnlyList<EvaluationReport> evaluations) =>
        [.. evaluations.SelectMany(e => e.ByType.Keys).Distinct().Order()];

    private static readonly Interval Gap = new(double.NaN, double.NaN, double.NaN, 0);

    private static double[] Steps(IReadOnlyList<EvaluationReport> evaluations) => [.. evaluations.Select(e => (double)e.Step)];

    private static ChartSpec ByType(IReadOnlyList<EvaluationReport> evaluations, Func<QueryType, ChartTrace> trace, List<ChartMark> marks,
        ChartAxis? y)
    {
        var steps = Steps(evaluations);
        var end = steps.Length > 0 ? (int)Math.Max(1, steps[^1]) : 1;
        var traces = Types(evaluations).Select(trace).ToArray();
        if (Peak(evaluations) is var peak && peak > 0 && peak < evaluations.Count - 1)
            marks.Add(new ChartMark { Kind = "vertical", X = steps[peak], Color = "--gold", Dash = "3px,3px" });
        return new ChartSpec
        {
            Traces = traces,
            X = new ChartAxis { Range = [-0.02 * end, 1.012 * end], Values = Ticks.Steps(end, 5) },
            Y = (y ?? new ChartAxis()) with { Range = MeansRange.Of(traces) },
            Margin = EndNames,
            Marks = marks,
            Ends = EndLabels(steps, [.. traces.Select(t => (t.Key, t.Name, t.Y!))]),
        };
    }

    private static ChartTrace Banded(string key, string name, IReadOnlyList<EvaluationReport> evaluations,
        Func<EvaluationReport, Interval> value, string? axis = null) => new()
        {
            Key = key,
            Name = name,
            X = Steps(evaluations),
            Y = [.. evaluations.Select(e => value(e).Mean)],
            Low = [.. evaluations.Select(e => value(e).Low)],
            High = [.. evaluations.Select(e => value(e).High)],
            Axis = axis,
        };

    private static ChartTrace Scaled(string key, string name, IReadOnlyList<EvaluationReport> evaluations,
        Func<EvaluationReport, Interval> value, Scale scale)
    {
        var raw = Banded(key, name, evaluations, value);
        var (shift, unit) = Normalisation(raw.Y!, scale);
        double[] Apply(double[] values) => [.. values.Select(v => (v - shift) / unit)];
        return raw with { Y = Apply(raw.Y!), Low = Apply(raw.Low!), High = Apply(raw.High!) };
    }

    // The same scale as the engine's Normalisation, as shift and unit, since the bands are scaled by their line's.
    private static (double Shift, double Unit) Normalisation(double[] values, Scale scale)
    {
        var finite = values.Where(double.IsFinite).ToArray();
        if (finite.Length == 0) return (0, 1);
        var mean = finite.Average();
        if (scale == Scale.MinMax) return finite.Max() > finite.Min() ? (finite.Min(), finite.Max() - finite.Min()) : (mean, 1);
        var deviation = Math.Sqrt(finite.Average(v => (v - mean) * (v - mean)));
        return (mean, deviation > 0 ? deviation : 1);
    }

    // Names that would stand on top of each other are moved apart, the higher one up.
    private static ChartEnd[] EndLabels(double[] steps, IReadOnlyList<(string Key, string Name, double[] Values)> series)
    {
        var labels = series.Where(s => s.Values.Length > 0 && double.IsFinite(s.Values[^1]))
            .Select(s => new ChartEnd(s.Key, steps[^1], s.Values[^1], s.Name)).OrderBy(e => e.Y).ToArray();
        if (labels.Length != 2) return labels;
        var all = series.SelectMany(s => s.Values).Where(double.IsFinite).ToArray();
        var close = labels[1].Y - labels[0].Y <= 0.08 * (all.Max() - all.Min());
        return close ? [labels[0] with { Shift = -7 }, labels[1] with { Shift = 7 }] : labels;
    }
}
