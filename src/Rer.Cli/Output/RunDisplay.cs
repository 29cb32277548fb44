using System.Globalization;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation;
using Rer.Engine.Evaluation.Metrics;
using Rer.Engine.Runs.Alerts;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Runs.Session;
using Rer.Engine.Training;

namespace Rer.Cli.Output;

/// <summary>
/// A run in progress on a console: one line per evaluation among the results, and beside them where it stands.
/// </summary>
/// <param name="console">Where to.</param>
/// <param name="plan">The run's plan.</param>
/// <param name="step">The step it begins or goes on at.</param>
/// <param name="alerts">What is amiss in it by now.</param>
internal sealed class RunDisplay(CommandConsole console, RunPlan plan, int step, Func<IReadOnlyList<RunAlert>> alerts)
{
    private readonly StatusLine _status = new(console);
    private readonly RemainingTime _remaining = new();
    private readonly HashSet<(RunAlertKind, int)> _said = [];
    private StepReport? _latest;
    private int _step = step;

    public void Show(IReadOnlyList<RunEvent> events)
    {
        var phase = "";
        foreach (var happened in events)
        {
            switch (happened)
            {
                case StepCompleted { Report: var report }:
                    _remaining.Add(report);
                    (_latest, _step) = (report, report.Step);
                    break;
                case EvaluationCompleted { Report: var report }:
                    _remaining.Add(report);
                    Clear();
                    console.Out.WriteLine(Line(report));
                    console.Out.Flush();
                    foreach (var alert in alerts().Where(a => a.Open && _said.Add((a.Kind, a.Opened))))
                        console.Error.WriteLine(Figures.Line(alert));
                    break;
                case LogWritten log:
                    Clear();
                    console.Error.WriteLine(log.Level == "info" ? log.Text : $"{log.Level}, step {log.Step}: {log.Text}");
                    break;
                case Rewound rewound:
                    _step = rewound.Step;
                    break;
                case ProgressChanged progress when progress.Done < progress.Total:
                    phase = $"{progress.Phase} {progress.Done}/{progress.Total}";
                    break;
            }
        }

        _status.Show((double)_step / plan.Ppo.Steps, () => Where(phase));
    }

    /// <summary>Takes the progress line away.</summary>
    public void Clear() => _status.Clear();

    private static string Line(EvaluationReport report)
    {
        var metrics = EvaluationMetrics.Known([report]);
        var types = report.ByType.OrderBy(t => t.Key).Select(t =>
            $"  {t.Key.ShortCode()} gold {Figures.Fixed(t.Value.Gold.Mean)}{Of(t.Key)}");
        return $"step {report.Step}  proxy {Figures.Fixed(report.Proxy.Mean)}  gold {Figures.Fixed(report.Gold.Mean)}{string.Concat(types)}"
            + $" {Of(null)}  ({Figures.Duration(TimeSpan.FromSeconds(report.Seconds))})"
            + string.Concat((report.Cuts?.Sentences() ?? []).Select(sentence => $"\n  {sentence}"));

        string Of(QueryType? type) => string.Concat(metrics.Where(column => column.Type == type)
            .Select(column => $" {column.Metric.Title} {Figures.Fixed(column.Of(report), Math.Min(2, column.Metric.Decimals))}"));
    }

    private string Where(string phase)
    {
        var parts = new List<string> { $"step {_step}/{plan.Ppo.Steps}", $"{100L * _step / plan.Ppo.Steps}%" };
        if (phase.Length > 0) parts.Add(phase);
        if (_latest is not null)
        {
            parts.Add($"{Figures.Fixed(_remaining.SecondsPerStep, 2)} s/step");
            parts.Add($"proxy {Figures.Fixed(_latest[Metric.ProxyMean])}");
            parts.Add($"KL {Figures.Fixed(_latest[Metric.Kl], 2)}");
        }

        if (_remaining.Of(plan, _step) is { } left && _step < plan.Ppo.Steps)
        {
            var end = (DateTimeOffset.Now + left).ToString(left.TotalHours < 20 ? "HH:mm" : "d MMM HH:mm", CultureInfo.InvariantCulture);
            parts.Add($"{Figures.Duration(left)} left, ends about {end}");
        }

        return string.Join("  ", parts);
    }
}
