namespace Rer.Engine.Training;

/// <summary>One mini-batch of an update; losses are means over its tokens.</summary>
internal sealed record MinibatchReport(
    double PolicyLoss, double ValueLoss, double TotalLoss, double RatioMean, double ClipFraction, double ValueClipFraction,
    double ApproximateKl, bool Skipped)
{
    /// <summary>Norm of the accumulated gradient, on the last mini-batch of a group; NaN on the others.</summary>
    public double GradientNorm { get; init; } = double.NaN;

    /// <summary>
    /// What each loss alone adds to the adapter's gradient, on the last mini-batch of a step's first group; NaN on the others.
    /// </summary>
    public (double Policy, double Value) GradientParts { get; init; } = (double.NaN, double.NaN);
}
