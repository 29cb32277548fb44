using Rer.Engine.Evaluation.Statistics;

namespace Rer.Engine.Evaluation;

/// <summary>One query type's rewards at one checkpoint; its metrics are in <see cref="EvaluationReport.Metrics"/>.</summary>
/// <param name="Proxy">The run's own design.</param>
/// <param name="Gold">The gold reward.</param>
public sealed record TypeScores(Interval Proxy, Interval Gold)
{
    /// <summary>Self-BLEU as an earlier version wrote it, here, until <see cref="EarlierEvaluation"/> has moved it.</summary>
    internal double? Earlier { get; set; }
}
