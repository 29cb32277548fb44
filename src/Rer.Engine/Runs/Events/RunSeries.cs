using Rer.Engine.Runs.Alerts;
using Rer.Engine.Storage;

namespace Rer.Engine.Runs.Events;

/// <summary>A run's metrics from its first step on, and what they say.</summary>
/// <param name="Metrics">Every metric, thinned.</param>
/// <param name="Alerts">What every step, none left out, says by the rules of <see cref="RunAlerts"/>.</param>
/// <param name="Places">Number in the run's stream and time of the steps that opened or closed an alert.</param>
public sealed record RunSeries(
    IReadOnlyList<MetricSeries> Metrics,
    AlertMonitor Alerts,
    IReadOnlyDictionary<int, (long Sequence, DateTimeOffset At)> Places)
{
    /// <summary>Reads a run's metrics and judges every step on the way.</summary>
    /// <param name="store">The store.</param>
    /// <param name="run">The run.</param>
    /// <param name="maxPoints">Most points per metric.</param>
    public static RunSeries Of(IRunStore store, RunRecord run, int maxPoints = 2_000)
    {
        var alerts = new AlertMonitor(run.Plan);
        var metrics = store.Metrics(
            run.Id, store.MetricNames(run.Id), maxPoints, AlertMonitor.Metrics, (step, values) => alerts.Add(step, values));
        return new RunSeries(metrics, alerts, store.Places(run.Id, [.. alerts.Changes.Select(change => change.Step).Distinct()]));
    }
}
