using Microsoft.AspNetCore.Components;
using Rer.Engine.Runs;
using Rer.Engine.Training;
using Rer.Web.Charts;
using Rer.Web.Formatting;
using Rer.Web.Live;

namespace Rer.Web.Components.Run;

/// <summary>What each step recorded: smoothed over faint raw.</summary>
public sealed partial class TrainingCurves
{
    private static readonly (double, string)[] Weights = [(0, "raw"), (0.94, "smooth .94"), (0.98, ".98")];

    private static readonly (string Metric, string Title)[] Main =
    [
        (Metric.ProxyMean, "Proxy reward, batch mean"), (Metric.Kl, "KL, sum per sequence"), (Metric.KlCoefficient, "KL coefficient β"),
        (Metric.Entropy, "Entropy, nats per token"), (Metric.ClipFraction, "Clip fraction"), (Metric.ValueLoss, "Value loss"),
        (Metric.LengthMean, "Response length, tokens"), (Metric.EndedWithEos, "Ended with EOS"),
        (Metric.PolicyGradientNorm, "Gradient of the policy loss"), (Metric.ValueGradientNorm, "Gradient of the value loss"),
        (Metric.GradientNorm, "Gradient, with the value head"), (Metric.ExplainedVariance, "Explained variance of values"),
    ];

    // Small curves are read as shapes: once a second is as live as the eye needs.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private const int Columns = 4;

    private readonly TimeProvider _clock = TimeProvider.System;
    private (int Version, double Weight, bool All) _built = (-1, 0, false);
    private long _builtAt;
    private bool _open;
    private IReadOnlyList<Curve> _curves = [];
    private IReadOnlyList<string> _names = [];

    [Inject] private ChartModule Module { get; set; } = default!;

    /// <summary>The run.</summary>
    [Parameter, EditorRequired] public LiveRun Live { get; set; } = default!;

    /// <summary>Weight of the past in the smoothed line.</summary>
    [Parameter, EditorRequired] public double Weight { get; set; }

    /// <summary>The reader chose another weight.</summary>
    [Parameter] public EventCallback<double> WeightChanged { get; set; }

    /// <summary>Every series instead of the main ones.</summary>
    [Parameter] public bool ShowAll { get; set; }

    /// <summary>The reader asked for every series, or for the main ones.</summary>
    [Parameter] public EventCallback<bool> ShowAllChanged { get; set; }

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        var key = (Live.MetricVersion, Weight, ShowAll);
        if (!Live.HasSeries || _built == key) return;
        var asked = _built.Weight != Weight || _built.All != ShowAll;
        var running = Live.Run?.State is RunState.Running;
        if (!asked && running && _built.Version >= 0 && _clock.GetElapsedTime(_builtAt) < Interval) return;
        _built = key;
        _builtAt = _clock.GetTimestamp();
        _names = [.. Live.MetricNames];
        var shown = ShowAll ? _names.Select(n => (n, TitleOf(n))) : Main.Where(m => Live.Metric(m.Metric).Count > 0);
        _curves = [.. shown.Select(s => Build(s.Item1, s.Item2))];
    }

    private static string TitleOf(string metric) =>
        Main.FirstOrDefault(m => m.Metric == metric).Title ?? metric.Replace('_', ' ').Replace("/", ", ", StringComparison.Ordinal);

    private Curve Build(string metric, string title)
    {
        var buffer = Live.Metric(metric);
        double[] steps = buffer.Steps, values = buffer.Values;
        if (metric is Metric.PolicyGradientNorm or Metric.ValueGradientNorm)
        {
            // Measured now and then: the line joins what was measured.
            (steps, values) = ([.. steps.Where((_, i) => double.IsFinite(values[i]))], [.. values.Where(double.IsFinite)]);
        }
        var end = steps.Length > 0 ? (int)Math.Max(1, steps[^1]) : 1;
        var (rawX, rawY) = Thinning.Extremes(steps, values, TrainingCurveOptions.Points);
        var traces = new List<ChartTrace>();
        if (Weight > 0)
        {
            traces.Add(new ChartTrace { Key = "ink", Name = "each step", X = rawX, Y = rawY, Style = "faint" });
            var (x, y) = Thinning.Extremes(steps, Smoothing.Exponential(values, Weight), TrainingCurveOptions.Points);
            traces.Add(new ChartTrace { Key = "ink", Name = "smoothed", X = x, Y = y, Style = "line", Hover = ".3~g" });
        }
        else
        {
            traces.Add(new ChartTrace { Key = "ink", Name = "each step", X = rawX, Y = rawY, Style = "line", Width = 1, Hover = ".3~g" });
        }
        var share = metric is Metric.EndedWithEos;
        var last = values.Length > 0 ? values[^1] : double.NaN;
        return new Curve(metric, title, share ? Display.Percent(last) : Display.Compact(last), new ChartSpec
        {
            Traces = traces,
            X = new ChartAxis { Range = [0, end], Values = Ticks.Three(end) },
            Y = new ChartAxis { Ticks = 3, ToZero = !share, Range = share ? [-0.03, 1.06] : null },
            Margin = new ChartMargin(38, 16, 6, 20),
            Marks = Limit(metric) is { } limit
                ? [new ChartMark
                {
                    Kind = "horizontal",
                    X = 0,
                    X1 = end,
                    Y = limit.Value,
                    Color = limit.Hard ? "--bad" : "--control",
                    Dash = "2px,3px",
                }] : null,
            Small = true,
        });
    }

    private (double Value, bool Hard)? Limit(string metric) => metric switch
    {
        Metric.Kl when Live.Run!.Plan.Ppo.AdaptiveKl => (Live.Run.Plan.Ppo.KlTarget, false),
        Metric.LengthMean or Metric.LengthMax => (Live.Run!.Plan.Ppo.MaxResponseTokens, true),
        _ => null,
    };

    private async Task Save(string format) =>
        await Module.SaveGrid("[data-figure=training] .plot", Columns, format, $"{Live.Run!.Id}-training",
            [.. _curves.Select(c => c.Title)]);

    private async Task SaveCsv() => await Module.SaveText(Numbers().ToCsv(), $"{Live.Run!.Id}-training.csv", "text/csv");

    private NumbersTable Numbers()
    {
        var steps = _names.Select(n => Live.Metric(n).Steps).MaxBy(s => s.Length) ?? [];
        var series =
            _names.Select(n => Live.Metric(n)).Select(b => b.Steps.Zip(b.Values).ToDictionary(p => p.First, p => p.Second)).ToArray();
        return new NumbersTable(
            [new NumbersColumn("Step", 0), .. _names.Select(n => new NumbersColumn(n))],
            [.. steps.Select(s => (double[])[s, .. series.Select(v => v.GetValueOrDefault(s, double.NaN))])]);
    }

    private sealed record Curve(string Name, string Title, string Last, ChartSpec Spec);
}
