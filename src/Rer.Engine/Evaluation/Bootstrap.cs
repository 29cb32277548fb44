using Rer.Engine.Data;

namespace Rer.Engine.Evaluation;

/// <summary>Percentile bootstrap over queries (Efron 1979): how far a mean could have been off, had other queries been drawn.</summary>
public static class Bootstrap
{
    /// <summary>Resamples drawn unless said otherwise.</summary>
    public const int Resamples = 1000;

    /// <summary>The mean of the values with its 95% interval.</summary>
    /// <param name="values">One value a query.</param>
    /// <param name="resamples">Means drawn.</param>
    /// <param name="seed">Decides the draws.</param>
    public static Interval Interval(IReadOnlyList<double> values, int resamples = Resamples, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(resamples);
        if (values.Count == 0) throw new ArgumentException("A mean needs at least one value.", nameof(values));
        var random = SeededRandom.From(seed, "bootstrap");
        var means = new double[resamples];
        for (var i = 0; i < resamples; i++)
        {
            var sum = 0.0;
            for (var j = 0; j < values.Count; j++) sum += values[random.Next(values.Count)];
            means[i] = sum / values.Count;
        }

        Array.Sort(means);
        return new Interval(values.Average(), Percentile(means, 0.025), Percentile(means, 0.975), values.Count);
    }

    /// <summary>The mean of <paramref name="after"/> less <paramref name="before"/>, query by query, with its 95% interval.</summary>
    public static Interval PairedDifference(IReadOnlyList<double> after, IReadOnlyList<double> before, int resamples = Resamples, int seed = 0)
    {
        if (after.Count != before.Count)
            throw new ArgumentException($"{after.Count} and {before.Count} values cannot be paired: both sides are of the same queries.", nameof(before));
        return Interval([.. after.Zip(before, (a, b) => a - b)], resamples, seed);
    }

    // Linear between the two nearest order statistics.
    private static double Percentile(double[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
