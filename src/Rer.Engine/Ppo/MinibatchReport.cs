namespace Rer.Engine.Ppo;

/// <summary>One mini-batch of an update; losses are means over its tokens.</summary>
internal sealed record MinibatchReport(
    double PolicyLoss, double ValueLoss, double TotalLoss, double RatioMean, double ClipFraction, double ValueClipFraction,
    double ApproximateKl, bool Skipped)
{
    /// <summary>Norm of the accumulated gradient, on the last mini-batch of a group; NaN on the others.</summary>
    public double GradientNorm { get; init; } = double.NaN;
}
