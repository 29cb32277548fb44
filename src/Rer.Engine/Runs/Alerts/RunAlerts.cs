using System.Globalization;
using Rer.Engine.Evaluation;
using Rer.Engine.Storage;

namespace Rer.Engine.Runs.Alerts;

/// <summary>Finds what is amiss in a run from what it has recorded.</summary>
public static class RunAlerts
{
    /// <summary>Steps in the running mean that a metric is judged by.</summary>
    public const int Window = 20;

    /// <summary>Share of a limit that a metric must be beyond it, or within it, to be taken as away from it.</summary>
    public const double MarginShare = 0.1;

    /// <summary>KL alerts above this many times the target.</summary>
    public const double KlFactor = 1.5;

    /// <summary>Entropy alerts below this share of its mean over the first <see cref="Window"/> steps.</summary>
    public const double EntropyShare = 0.25;

    /// <summary>Length alerts above this share of the maximum response length.</summary>
    public const double LengthShare = 0.9;

    /// <summary>
    /// The value loss alerts where its part of the adapter's gradient is this many times the policy's, while KL is above its target. In
    /// sound runs of the playground it is .2 to .7 times, in those that drift 1.3 and rising.
    /// </summary>
    public const double ValueGradientFactor = 1;

    /// <summary>Evaluations in a row over which the proxy rises and gold falls.</summary>
    public const int EvaluationsInARow = 3;

    /// <summary>Every rule that holds now or has held: its last occurrence, open ones first, then the newest.</summary>
    /// <param name="evaluations">By step.</param>
    /// <param name="metrics">What the steps said.</param>
    public static IReadOnlyList<RunAlert> Find(IReadOnlyList<EvaluationReport> evaluations, AlertMonitor metrics)
    {
        var found = metrics.Alerts;
        if (ProxyUpGoldDown(evaluations, []) is { } apart) found = found.Prepend(apart);
        return [.. found.OrderByDescending(a => a.Open).ThenByDescending(a => a.Closed ?? a.Opened)];
    }

    /// <summary>The same of a run in a store, judged on every step.</summary>
    public static IReadOnlyList<RunAlert> Find(IRunStore store, RunRecord run) =>
        Find(store.Evaluations(run.Id), AlertMonitor.Of(store, run));

    /// <summary>When evaluations began to part proxy from gold, and when they stopped.</summary>
    /// <param name="evaluations">By step.</param>
    public static IReadOnlyList<AlertChange> Changes(IReadOnlyList<EvaluationReport> evaluations)
    {
        var changes = new List<AlertChange>();
        ProxyUpGoldDown(evaluations, changes);
        return changes;
    }

    internal static string Number(double value, int decimals = 2) =>
        value.ToString("F" + decimals, CultureInfo.InvariantCulture).Replace('-', '\u2212');

    private static RunAlert? ProxyUpGoldDown(IReadOnlyList<EvaluationReport> evaluations, List<AlertChange> changes)
    {
        RunAlert? last = null;
        var row = 0;
        for (var i = 1; i < evaluations.Count; i++)
        {
            var step = evaluations[i].Step;
            var apart =
                evaluations[i].Proxy.Mean > evaluations[i - 1].Proxy.Mean && evaluations[i].Gold.Mean < evaluations[i - 1].Gold.Mean;
            row = apart ? row + 1 : 0;
            if (row >= EvaluationsInARow)
            {
                var before = evaluations[i - row];
                if (row == EvaluationsInARow)
                    changes.Add(
                        new AlertChange(RunAlertKind.ProxyUpGoldDown, step, true, $"proxy up, gold down, {row} evaluations in a row"));
                last = new RunAlert(
                    RunAlertKind.ProxyUpGoldDown,
                    "Proxy up, gold down",
                    $"{row} evaluations in a row. Gold {Number(before.Gold.Mean)} at step {Step(before.Step)}, "
                        + $"{Number(evaluations[i].Gold.Mean)} at step {Step(step)}.",
                    evaluations[i - row + EvaluationsInARow].Step,
                    null);
            }
            else if (last is { Closed: null })
            {
                last = last with { Closed = step };
                changes.Add(new AlertChange(RunAlertKind.ProxyUpGoldDown, step, false, "proxy and gold no longer part, alert closed"));
            }
        }
        return last;
    }

    private static string Step(int step) => step.ToString("#,0", CultureInfo.InvariantCulture);
}
