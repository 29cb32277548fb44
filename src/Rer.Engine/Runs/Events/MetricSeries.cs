namespace Rer.Engine.Runs.Events;

/// <summary>One metric over the steps of a run, possibly thinned.</summary>
/// <param name="Name">Name of the metric (see <see cref="Training.Metric"/>).</param>
/// <param name="Steps">Steps, ascending.</param>
/// <param name="Values">The value at each of <paramref name="Steps"/>; NaN where it was not defined.</param>
public sealed record MetricSeries(string Name, int[] Steps, double[] Values);
