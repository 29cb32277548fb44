using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation;
using Rer.Engine.Evaluation.Metrics;
using Rer.Engine.Evaluation.Statistics;
using Rer.Web.Compare;
using Rer.Web.Formatting;

namespace Rer.Web.Charts;

/// <summary>Small multiples of a comparison: axes shared along a row.</summary>
public static class CompareCharts
{
    private static readonly FigureKey[] ByType = [new("oe", "Open"), new("ce", "Closed")];

    /// <summary>The rows that have something to show.</summary>
    public static IReadOnlyList<CompareRow> Rows(Comparison comparison) =>
        [.. CompareRow.All.Where(row => comparison.Groups.Any(d => Series(d, row, Scale.Raw).Any()))];

    /// <summary>What a row is called, in which unit, and its series.</summary>
    public static FigureHead Head(CompareRow row, Scale scale) =>
        row == CompareRow.ProxyAndGold ? new(
            "Proxy, gold",
            scale == Scale.Raw ? "raw: proxy above, gold below" : "z-score, each seed by itself",
            [new("proxy", "Proxy"), new("gold", "Gold")])
        : row.Metric is { } metric ? new(Names.Of(metric), metric.Unit.Length > 0 ? metric.Unit : "by query type", ByType)
        : new("Gold by query type", "raw", ByType);

    /// <summary>One chart for each design, left to right.</summary>
    /// <param name="comparison">The runs.</param>
    /// <param name="row">What is drawn.</param>
    /// <param name="scale">For proxy and gold: normalised by each seed's own checkpoints, or raw.</param>
    /// <param name="everySeed">A line per seed instead of mean and range.</param>
    public static IReadOnlyList<ChartSpec> Row(Comparison comparison, CompareRow row, Scale scale, bool everySeed)
    {
        var designs = comparison.Groups.Select(d => Series(d, row, scale).ToArray()).ToArray();
        var raw = row == CompareRow.ProxyAndGold && scale == Scale.Raw;
        var range = raw ? null : Range(designs.SelectMany(d => d).SelectMany(s => s.Seeds).SelectMany(v => v));
        // Raw proxy and gold have units of their own: two panels, and each panel's axis is shared along the row.
        var proxy = raw ? Range(designs.SelectMany(d => d).Where(s => s.Key == "proxy").SelectMany(s => s.Seeds).SelectMany(v => v)) : null;
        var gold = raw ? Range(designs.SelectMany(d => d).Where(s => s.Key == "gold").SelectMany(s => s.Seeds).SelectMany(v => v)) : null;
        var end = Math.Max(1, comparison.Reached);
        var last = row == Rows(comparison)[^1];
        var x = new ChartAxis
        {
            Range = [-0.03 * end, 1.03 * end],
            Values = Ticks.Three(end),
            Title = last ? "PPO step" : null,
            Standoff = 4,
            Anchor = raw ? "y2" : null,
        };
        return [.. designs.Select(series => new ChartSpec
        {
            Traces = [.. series.SelectMany(s => Traces(s, everySeed, raw && s.Key == "gold" ? "y2" : null))],
            X = x,
            Y = raw ? new ChartAxis { Range = proxy, Domain = [0.54, 1], Ticks = 4 } : new ChartAxis { Range = range, Ticks = 5 },
            Y2 = raw ? new ChartAxis { Range = gold, Domain = [0, 0.46], Ticks = 4 } : null,
            Margin = new ChartMargin(38, 12, 6, last ? 36 : 22),
            Small = true,
        })];
    }

    /// <summary>The numbers of a row's charts: a column for each design and series, means over the seeds.</summary>
    public static NumbersTable Numbers(Comparison comparison, CompareRow row, Scale scale)
    {
        var series = comparison.Groups.SelectMany(d => Series(d, row, scale).Select(s => (Design: d, Series: s))).ToArray();
        var steps = comparison.Groups.SelectMany(d => d.Steps).Distinct().Order().ToArray();
        return new NumbersTable(
            [new NumbersColumn("Step", 0), .. series.Select(s => new NumbersColumn($"{s.Design.Title}, {s.Series.Name}", 3))],
            [.. steps.Select(
                step => (double[])[step,
                    .. series.Select(s => Array.IndexOf(s.Series.Steps, step) is >= 0 and var i ? Mean(s.Series, i) : double.NaN)])]);
    }

    /// <summary>The numbers of one chart: of every series the mean over the seeds, their range, and each seed.</summary>
    /// <param name="design">The chart's column.</param>
    /// <param name="row">The chart's row.</param>
    /// <param name="scale">For proxy and gold: normalised by each seed's own checkpoints, or raw.</param>
    public static NumbersTable Numbers(ComparedGroup design, CompareRow row, Scale scale)
    {
        var series = Series(design, row, scale).ToArray();
        var columns = new List<NumbersColumn> { new("Step", 0) };
        foreach (var s in series)
        {
            columns.Add(new NumbersColumn(s.Name, 3));
            if (design.Runs.Count < 2) continue;
            columns.AddRange(
                [new($"{s.Name} low", 3), new($"{s.Name} high", 3),
                    .. design.Runs.Select(r => new NumbersColumn($"{s.Name} seed {r.Run.Plan.Seed}", 3))]);
        }
        return new NumbersTable(columns, [.. design.Steps.Select((step, i) => (double[])[step, .. series.SelectMany(s => Cells(s, i))])]);

        static double[] Cells(SeedSeries s, int i)
        {
            if (s.Seeds.Count < 2) return [Mean(s, i)];
            var known = s.Seeds.Select(v => v[i]).Where(double.IsFinite).DefaultIfEmpty(double.NaN).ToArray();
            return [Mean(s, i), known.Min(), known.Max(), .. s.Seeds.Select(v => v[i])];
        }
    }

    private static IEnumerable<SeedSeries> Series(ComparedGroup design, CompareRow row, Scale scale)
    {
        var steps = design.Steps;
        var evaluations = design.Runs.Select(r => r.Evaluations.Where(e => steps.Contains(e.Step)).ToArray()).ToArray();
        if (row == CompareRow.ProxyAndGold)
        {
            yield return new SeedSeries("proxy", "Proxy", steps,
                [.. evaluations.Select(e => Scaled([.. e.Select(v => v.Proxy.Mean)], scale))]);
            if (evaluations.Any(e => e.Any(v => double.IsFinite(v.Gold.Mean))))
                yield return new SeedSeries("gold", "Gold", steps,
                    [.. evaluations.Select(e => Scaled([.. e.Select(v => v.Gold.Mean)], scale))]);
            yield break;
        }
        foreach (var type in QueryTypes.All.Where(t => evaluations.Any(e => e.Any(v => Has(v, t)))))
        {
            yield return new SeedSeries(Names.Series(type), Names.Of(type), steps,
            [
                .. evaluations.Select(e => e.Select(v => Value(v, type)).ToArray()),
            ]);
        }

        bool Has(EvaluationReport evaluation, QueryType type) => row.Metric is { } metric
            ? evaluation.Metrics.ContainsKey(new MetricColumn(metric, type).Name) : evaluation.ByType.ContainsKey(type);

        double Value(EvaluationReport evaluation, QueryType type) => row.Metric is { } metric
            ? new MetricColumn(metric, type).Of(evaluation) : evaluation.ByType.GetValueOrDefault(type)?.Gold.Mean ?? double.NaN;
    }

    private static double[] Scaled(double[] values, Scale scale) => scale switch
    {
        Scale.ZScore => Normalisation.ZScore(values),
        Scale.MinMax => Normalisation.MinMax(values),
        _ => values,
    };

    private static IEnumerable<ChartTrace> Traces(SeedSeries series, bool everySeed, string? axis)
    {
        double[] x = [.. series.Steps.Select(s => (double)s)];
        if (everySeed)
        {
            for (var k = 0; k < series.Seeds.Count; k++)
                yield return new ChartTrace
                {
                    Key = series.Key,
                    Name = $"{series.Name}, {k + 1}",
                    X = x,
                    Y = series.Seeds[k],
                    Axis = axis,
                    Size = 4,
                };
            yield break;
        }
        yield return new ChartTrace
        {
            Key = series.Key,
            Name = series.Name,
            X = x,
            Y = [.. x.Select((_, i) => Mean(series, i))],
            Low = series.Seeds.Count < 2 ? null : [.. x.Select((_, i) => series.Seeds.Min(s => s[i]))],
            High = series.Seeds.Count < 2 ? null : [.. x.Select((_, i) => series.Seeds.Max(s => s[i]))],
            Axis = axis,
            Hover = series.Key is "proxy" or "gold" ? ".2f" : ".3f",
        };
    }

    private static double Mean(SeedSeries series, int i) =>
        series.Seeds.Select(s => s[i]).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();

    private static double[]? Range(IEnumerable<double> values)
    {
        var known = values.Where(double.IsFinite).ToArray();
        if (known.Length == 0) return null;
        var room = Math.Max(1e-3, 0.08 * (known.Max() - known.Min()));
        return [known.Min() - room, known.Max() + room];
    }

    private sealed record SeedSeries(string Key, string Name, int[] Steps, IReadOnlyList<double[]> Seeds);
}
