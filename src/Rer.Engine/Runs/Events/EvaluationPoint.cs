using System.Collections.ObjectModel;

namespace Rer.Engine.Runs.Events;

/// <summary>One evaluation's headline figures, cheap enough to load for every run of a store.</summary>
/// <param name="Step">PPO steps completed.</param>
/// <param name="Proxy">Mean proxy reward.</param>
/// <param name="Gold">Mean gold reward; NaN for a run without a gold model.</param>
public readonly record struct EvaluationPoint(int Step, double Proxy, double Gold)
{
    /// <summary>The evaluation's metrics; see <see cref="Evaluation.EvaluationReport.Metrics"/>.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = ReadOnlyDictionary<string, double>.Empty;
}
