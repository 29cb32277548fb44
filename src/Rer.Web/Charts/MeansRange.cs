namespace Rer.Web.Charts;

/// <summary>The vertical range of a chart of means with bands.</summary>
public static class MeansRange
{
    /// <summary>Most of a band that is shown beyond the means, as a share of the means' own spread.</summary>
    private const double MostBand = 0.25;

    private const double Room = 0.06;

    /// <summary>
    /// A range that the means fill: a band much wider than they spread would press them into a line, so it is cut at the
    /// panel's edge instead. Where the means do not spread, the bands decide. Null where nothing is known.
    /// </summary>
    /// <param name="traces">Series; those without a band count by their values alone.</param>
    /// <param name="least">A range to include; null asks for none.</param>
    public static double[]? Of(IReadOnlyList<ChartTrace> traces, double[]? least = null)
    {
        var means = Known(traces.SelectMany(t => t.Y ?? []));
        if (means.Length == 0) return least;
        double low = means.Min(), high = means.Max();
        var bands = Known(traces.SelectMany(t => (t.Low ?? []).Concat(t.High ?? []))).Concat(means).ToArray();
        var most = high > low ? MostBand * (high - low) : double.PositiveInfinity;
        low = Math.Max(bands.Min(), low - most);
        high = Math.Min(bands.Max(), high + most);
        // One value without a band: some room around it, whatever its size.
        var room = high > low ? Room * (high - low) : Math.Max(1e-3, 0.05 * Math.Abs(high));
        return [Math.Min(least?[0] ?? double.PositiveInfinity, low - room), Math.Max(least?[1] ?? double.NegativeInfinity, high + room)];
    }

    private static double[] Known(IEnumerable<double> values) => [.. values.Where(double.IsFinite)];
}
