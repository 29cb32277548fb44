using MathNet.Numerics;

namespace Rer.Engine.Evaluation.Statistics;

/// <summary>Correlation of two series of equal length.</summary>
public static class Correlation
{
    /// <summary>Longest series whose permutations are all counted (9! = 362,880).</summary>
    public const int LongestExact = 9;

    /// <summary>Pearson's r; p by Student's t with n - 2 degrees of freedom, 1 for two points.</summary>
    public static CorrelationTest Pearson(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        var r = Coefficient(x, y);
        return new CorrelationTest(r, double.IsNaN(r) ? double.NaN : x.Count == 2 ? 1 : PValue(r, x.Count - 2));
    }

    /// <summary>Spearman's rho, ties at their average rank; p by Student's t with n - 2 degrees of freedom, NaN for two points.</summary>
    public static CorrelationTest Spearman(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        var rho = x.Any(double.IsNaN) || y.Any(double.IsNaN) ? double.NaN : Coefficient(Ranks(x), Ranks(y));
        var known = !double.IsNaN(rho) && x.Count > 2;
        return new CorrelationTest(rho, known ? PValue(rho, x.Count - 2) : double.NaN);
    }

    /// <summary>
    /// The exact two-sided p-value of Spearman's rho: the share of all orders of one series whose rho is at least as far from 0. NaN
    /// where rho is not defined.
    /// </summary>
    /// <exception cref="ArgumentException">The series are longer than <see cref="LongestExact"/>.</exception>
    public static double SpearmanExactP(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (x.Count > LongestExact)
            throw new ArgumentException($"{x.Count} points have too many orders. At most {LongestExact} are counted.", nameof(x));
        if (double.IsNaN(Spearman(x, y).Statistic)) return double.NaN;

        // Doubled ranks are whole numbers, so ties between orders are exact. Rho is linear in the sum of products.
        var (left, right) = (Doubled(Ranks(x)), Doubled(Ranks(y)));
        var n = left.Length;
        var centre = n * (n + 1) * (n + 1);
        var sum = left.Zip(right, (a, b) => a * b).Sum();
        var observed = Math.Abs(sum - centre);
        var (orders, asFar) = (1, 1);

        // Heap's algorithm: each order differs from the last by one swap.
        var counters = new int[n];
        for (var i = 1; i < n;)
        {
            if (counters[i] >= i)
            {
                counters[i++] = 0;
                continue;
            }

            var j = i % 2 == 0 ? 0 : counters[i];
            sum += (left[i] - left[j]) * (right[j] - right[i]);
            (right[i], right[j]) = (right[j], right[i]);
            orders++;
            if (Math.Abs(sum - centre) >= observed) asFar++;
            counters[i]++;
            i = 1;
        }

        return (double)asFar / orders;
    }

    /// <summary>Kendall's tau-b: concordant less discordant pairs, over the pairs tied in neither series (geometric mean).</summary>
    public static double KendallTau(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        RequireEqualLengths(x, y);
        if (x.Any(double.IsNaN) || y.Any(double.IsNaN)) return double.NaN;
        var (balance, untiedX, untiedY) = (0L, 0L, 0L);
        for (var i = 0; i < x.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var (orderX, orderY) = (x[i].CompareTo(x[j]), y[i].CompareTo(y[j]));
                balance += orderX * orderY;
                untiedX += orderX * orderX;
                untiedY += orderY * orderY;
            }
        }

        return untiedX == 0 || untiedY == 0 ? double.NaN : balance / (Math.Sqrt(untiedX) * Math.Sqrt(untiedY));
    }

    /// <summary>Ranks from 1, equal values at the average of their places.</summary>
    public static double[] Ranks(IReadOnlyList<double> values)
    {
        var order = Enumerable.Range(0, values.Count).OrderBy(i => values[i]).ToArray();
        var ranks = new double[values.Count];
        for (var start = 0; start < order.Length;)
        {
            var end = start;
            while (end < order.Length && values[order[end]].Equals(values[order[start]])) end++;
            for (var i = start; i < end; i++) ranks[order[i]] = (start + 1 + end) / 2.0;
            start = end;
        }

        return ranks;
    }

    /// <summary>
    /// Probability that the correlation of two unrelated normal samples is at least as far from 0 as <paramref name="correlation"/>:
    /// Student's t with n - 2 degrees of freedom, two-sided.
    /// </summary>
    internal static double PValue(double correlation, int degreesOfFreedom) =>
        // P(|T| > t) = I_x(df / 2, 1 / 2) with x = df / (df + t^2), which for t = r sqrt(df / (1 - r^2)) is 1 - r^2.
        SpecialFunctions.BetaRegularized(degreesOfFreedom / 2.0, 0.5, (1 - correlation) * (1 + correlation));

    private static double Coefficient(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        RequireEqualLengths(x, y);
        if (x.Count < 2) return double.NaN;
        var (left, right) = (UnitDeviations(x), UnitDeviations(y));
        return Math.Clamp(left.Zip(right, (a, b) => a * b).Sum(), -1, 1);
    }

    // Deviations from the mean at unit length; NaN throughout for a constant series.
    private static double[] UnitDeviations(IReadOnlyList<double> values)
    {
        if (values.All(value => value.Equals(values[0]))) return [.. values.Select(_ => double.NaN)];
        var mean = values.Average();
        double[] deviations = [.. values.Select(value => value - mean)];
        // By the largest first: squares of very large or small values leave the range.
        var largest = deviations.Max(Math.Abs);
        var length = largest * Math.Sqrt(deviations.Sum(deviation => deviation / largest * (deviation / largest)));
        return [.. deviations.Select(deviation => deviation / length)];
    }

    private static int[] Doubled(double[] ranks) => [.. ranks.Select(rank => (int)Math.Round(2 * rank))];

    private static void RequireEqualLengths(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (x.Count != y.Count)
            throw new ArgumentException($"Series of {x.Count} and {y.Count} points cannot be correlated: they are paired.", nameof(y));
    }
}

/// <summary>
/// A correlation coefficient with its two-sided p-value; NaN where it is not defined (a constant series, NaN among the values).
/// </summary>
/// <param name="Statistic">In [-1, 1].</param>
/// <param name="PValue">Probability of a coefficient this far from 0 between unrelated series.</param>
public readonly record struct CorrelationTest(double Statistic, double PValue);
