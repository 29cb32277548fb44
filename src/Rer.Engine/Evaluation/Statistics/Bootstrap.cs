using MathNet.Numerics.Statistics;
using Rer.Engine.Data;

namespace Rer.Engine.Evaluation.Statistics;

/// <summary>Percentile bootstrap over queries (Efron 1979): how far a mean could have been off, had other queries been drawn.</summary>
public static class Bootstrap
{
    /// <summary>Resamples drawn unless said otherwise.</summary>
    public const int Resamples = 1000;

    /// <summary>The mean of the values with its 95% interval.</summary>
    /// <param name="values">One value per query.</param>
    /// <param name="resamples">Means drawn.</param>
    /// <param name="seed">Decides the draws.</param>
    public static Interval Interval(IReadOnlyList<double> values, int resamples = Resamples, int seed = 0) =>
        Interval(values.Count, queries => Mean(values, queries), resamples, seed);

    /// <summary>A figure over queries with its 95% interval.</summary>
    /// <param name="count">Number of queries.</param>
    /// <param name="figure">The figure over queries given by their indices, some of them several times.</param>
    /// <param name="resamples">Figures drawn.</param>
    /// <param name="seed">Decides the draws.</param>
    public static Interval Interval(int count, Func<int[], double> figure, int resamples = Resamples, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(resamples);
        if (count == 0) throw new ArgumentException("An interval needs at least one value.", nameof(count));
        var random = SeededRandom.From(seed, "bootstrap");
        var drawn = new double[resamples];
        var queries = new int[count];
        for (var i = 0; i < resamples; i++)
        {
            for (var j = 0; j < count; j++) queries[j] = random.Next(count);
            drawn[i] = figure(queries);
        }

        Array.Sort(drawn);
        return new Interval(figure([.. Enumerable.Range(0, count)]), Percentile(0.025), Percentile(0.975), count);

        // Linear between the two nearest order statistics.
        double Percentile(double share) => SortedArrayStatistics.QuantileCustom(drawn, share, QuantileDefinition.R7);
    }

    /// <summary>The mean of <paramref name="after"/> less <paramref name="before"/>, query by query, with its 95% interval.</summary>
    public static Interval PairedDifference(
        IReadOnlyList<double> after, IReadOnlyList<double> before, int resamples = Resamples, int seed = 0)
    {
        if (after.Count != before.Count)
            throw new ArgumentException(
                $"{after.Count} and {before.Count} values cannot be paired: both sides are of the same queries.", nameof(before));
        return Interval([.. after.Zip(before, (a, b) => a - b)], resamples, seed);
    }

    private static double Mean(IReadOnlyList<double> values, int[] queries)
    {
        var sum = 0.0;
        foreach (var query in queries) sum += values[query];
        return sum / queries.Length;
    }
}
