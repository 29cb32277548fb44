namespace Rer.Engine.Training;

/// <summary>What one PPO step recorded: a value for each metric, by name.</summary>
/// <param name="Step">The number of completed steps, from 1.</param>
/// <param name="Values">Metric name (see <see cref="Metric"/>) to value; NaN where it is not defined at this step.</param>
public sealed record StepReport(int Step, IReadOnlyDictionary<string, double> Values)
{
    /// <summary>The value of <paramref name="metric"/>, NaN where it was not recorded.</summary>
    public double this[string metric] => Values.TryGetValue(metric, out var value) ? value : double.NaN;
}
