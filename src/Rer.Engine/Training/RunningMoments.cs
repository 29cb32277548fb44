namespace Rer.Engine.Training;

/// <summary>
/// Mean and variance of all scores seen so far, merged batch by batch (Chan et al. 1979, the parallel form of Welford's method).
/// </summary>
internal sealed class RunningMoments
{
    // The reference divides by std + eps of float32.
    private const double Epsilon = 1.1920928955078125e-07;
    private const double EmptyCount = 1e-24;

    /// <summary>Mean of all scores.</summary>
    public double Mean { get; private set; }

    /// <summary>Population variance of all scores.</summary>
    public double Variance { get; private set; } = 1;

    /// <summary>Number of scores; a hair above zero before the first batch, so that merging needs no special case.</summary>
    public double Count { get; private set; } = EmptyCount;

    /// <summary>Unbiased standard deviation of all scores; 1 until there are two.</summary>
    public double Std { get; private set; } = 1;

    /// <summary>Takes a batch in.</summary>
    /// <exception cref="TrainingInvariantException">The scores lie so far apart that their squares are no numbers any more.</exception>
    public void Update(IReadOnlyList<double> scores)
    {
        double batchMean = scores.Average();
        double batchVariance = scores.Sum(s => (s - batchMean) * (s - batchMean)) / scores.Count;
        double total = Count + scores.Count, delta = batchMean - Mean;
        double squares = batchVariance * scores.Count + Variance * Count + delta * delta * Count * scores.Count / total;
        if (!double.IsFinite(squares))
            throw new TrainingInvariantException(
                $"Scores from {scores.Min():G3} to {scores.Max():G3}, with a mean of {Mean:G3} before, cannot be normalised: their "
                    + $"squares leave the range of numbers. Bound the features of the design.");
        Mean += delta * scores.Count / total;
        Variance = squares / total;
        Count = total;
        // One score has no standard deviation; the reference divides by zero here.
        if (total > 1) Std = Math.Sqrt(Variance * total / (total - 1));
    }

    /// <summary>Scores normalised by the moments as they stand, then clipped.</summary>
    /// <param name="scores">Raw scores; the batch must already be in the moments, as in the reference.</param>
    /// <param name="clip">Bound on the absolute value; 0 for none.</param>
    public double[] Normalise(IReadOnlyList<double> scores, double clip)
    {
        var normalised = scores.Select(s => (s - Mean) / (Std + Epsilon));
        return (clip > 0 ? normalised.Select(s => Math.Clamp(s, -clip, clip)) : normalised).ToArray();
    }

    internal void Restore(double mean, double variance, double std, double count) =>
        (Mean, Variance, Std, Count) = (mean, variance, std, count);
}
