namespace Rer.Engine.Evaluation.Statistics;

/// <summary>
/// Brings a run's series to a common scale for one chart. NaN stays NaN and counts for nothing; a constant series becomes 0.
/// </summary>
public static class Normalisation
{
    /// <summary>Deviations from the mean in standard deviations (of the series itself, not a sample's estimate).</summary>
    public static double[] ZScore(IReadOnlyList<double> values)
    {
        double[] known = [.. values.Where(value => !double.IsNaN(value))];
        if (known.Length == 0) return [.. values];
        var mean = known.Average();
        var deviation = Math.Sqrt(known.Average(value => (value - mean) * (value - mean)));
        return Scale(values, known, mean, deviation);
    }

    /// <summary>The smallest value at 0, the largest at 1.</summary>
    public static double[] MinMax(IReadOnlyList<double> values)
    {
        double[] known = [.. values.Where(value => !double.IsNaN(value))];
        return known.Length == 0 ? [.. values] : Scale(values, known, known.Min(), known.Max() - known.Min());
    }

    private static double[] Scale(IReadOnlyList<double> values, double[] known, double origin, double unit)
    {
        // Told by the values, not by the unit: rounding leaves a constant series with a deviation just above 0.
        var constant = known.All(value => value == known[0]);
        return [.. values.Select(value => double.IsNaN(value) ? value : constant ? 0 : (value - origin) / unit)];
    }
}
