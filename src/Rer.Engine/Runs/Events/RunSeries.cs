using Rer.Engine.Runs.Alerts;

namespace Rer.Engine.Runs.Events;

/// <summary>A run's metrics from its first step on, as one read transaction saw them.</summary>
/// <param name="Metrics">Every metric, thinned.</param>
/// <param name="Alerts">What every step, none left out, says by the rules of <see cref="RunAlerts"/>.</param>
/// <param name="Places">Number in the run's stream and time of the steps that opened or closed an alert.</param>
public sealed record RunSeries(
    IReadOnlyList<MetricSeries> Metrics,
    AlertMonitor Alerts,
    IReadOnlyDictionary<int, (long Sequence, DateTimeOffset At)> Places);
