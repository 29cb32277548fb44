using System.Globalization;
using Rer.Engine.Data;
using Rer.Engine.Evaluation;
using Rer.Engine.Ppo;
using Rer.Engine.Runs;

namespace Rer.Cli.Output;

/// <summary>
/// A run in progress on a console: one line an evaluation among the results, and beside them where it stands: on a terminal a
/// line that is written over, in a pipe a line now and then.
/// </summary>
internal sealed class RunDisplay(CommandConsole console, RunPlan plan, int step)
{
    private static readonly TimeSpan _plainInterval = TimeSpan.FromSeconds(15);

    private readonly RemainingTime _remaining = new();
    private StepReport? _latest;
    private int _step = step;
    private DateTimeOffset _lastPlain = DateTimeOffset.UtcNow;
    private int _shown;

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

        Progress(phase);
    }

    /// <summary>Takes the progress line away.</summary>
    public void Clear()
    {
        if (_shown == 0) return;
        console.Error.Write($"\r{new string(' ', _shown)}\r");
        _shown = 0;
    }

    private static string Line(EvaluationReport report)
    {
        var types = report.ByType.OrderBy(t => t.Key).Select(t =>
            $"  {t.Key.ShortCode()} gold {Figures.Fixed(t.Value.Gold.Mean)} Self-BLEU {Figures.Fixed(t.Value.SelfBleu, 2)}");
        return $"step {report.Step}  proxy {Figures.Fixed(report.Proxy.Mean)}  gold {Figures.Fixed(report.Gold.Mean)}{string.Concat(types)}"
            + $"  length {Figures.Fixed(report.LengthMean, 0)}  ({Figures.Duration(TimeSpan.FromSeconds(report.Seconds))})";
    }

    private void Progress(string phase)
    {
        if (console.IsTerminal)
        {
            var line = Where(phase);
            if (line.Length >= console.Width) line = line[..(console.Width - 1)];
            console.Error.Write($"\r{line.PadRight(_shown)}");
            _shown = line.Length;
        }
        else if (DateTimeOffset.UtcNow - _lastPlain >= _plainInterval)
        {
            _lastPlain = DateTimeOffset.UtcNow;
            console.Error.WriteLine(Where(phase));
        }
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
