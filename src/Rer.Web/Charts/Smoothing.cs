namespace Rer.Web.Charts;

/// <summary>Smoothed training curves.</summary>
public static class Smoothing
{
    /// <summary>
    /// Exponential moving average with the start-up bias divided out, as TensorBoard draws it. NaN stays a gap and does not
    /// enter the average.
    /// </summary>
    /// <param name="values">The series.</param>
    /// <param name="weight">Weight of the past, in [0, 1); 0 returns the series.</param>
    public static double[] Exponential(double[] values, double weight)
    {
        if (weight is < 0 or >= 1) throw new ArgumentOutOfRangeException(nameof(weight), weight, "Outside [0, 1).");
        var smooth = new double[values.Length];
        double average = 0, bias = 1;
        for (var i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i]))
            {
                smooth[i] = double.NaN;
                continue;
            }
            average = weight * average + (1 - weight) * values[i];
            bias *= weight;
            smooth[i] = average / (1 - bias);
        }
        return smooth;
    }
}
