namespace Rer.Engine.Evaluation.TextOverlap;

/// <summary>Overlap of a prediction with a target.</summary>
/// <param name="Precision">Share of the prediction that is in the target, [0, 1].</param>
/// <param name="Recall">Share of the target that is in the prediction, [0, 1].</param>
public readonly record struct RougeScore(double Precision, double Recall)
{
    /// <summary>The harmonic mean of precision and recall; 0 where both are.</summary>
    public double F => Precision + Recall > 0 ? 2 * Precision * Recall / (Precision + Recall) : 0;
}
