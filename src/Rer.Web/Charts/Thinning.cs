using Rer.Engine.Storage;

namespace Rer.Web.Charts;

/// <summary>Fewer points that draw the same line.</summary>
public static class Thinning
{
    /// <summary>The lowest and the highest value of each stretch, at their own steps; a series that fits comes back as it is.</summary>
    /// <param name="steps">Whole numbers, ascending.</param>
    /// <param name="values">Values; NaN is a gap.</param>
    /// <param name="most">Most points wanted.</param>
    public static (double[] Steps, double[] Values) Extremes(double[] steps, double[] values, int most = ChartSpec.MaximumPoints)
    {
        if (steps.Length <= most) return (steps, values);
        var thinning = new MinMaxThinning(steps.Length, most);
        for (var i = 0; i < steps.Length; i++) thinning.Add((int)steps[i], values[i]);
        var kept = thinning.Finish("");
        return ([.. kept.Steps.Select(s => (double)s)], kept.Values);
    }
}
