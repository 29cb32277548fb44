namespace Rer.Engine.Runs.Comparing;

/// <summary>A figure over the seeds of a group: those seeds that have it count, the others do not.</summary>
/// <param name="Mean">Their mean; NaN where none has it.</param>
/// <param name="Low">The lowest.</param>
/// <param name="High">The highest.</param>
/// <param name="Count">How many have it.</param>
public readonly record struct SeedSpread(double Mean, double Low, double High, int Count)
{
    /// <summary>Half the range.</summary>
    public double HalfRange => (High - Low) / 2;

    /// <summary>The spread of these values; what is not finite is left out.</summary>
    public static SeedSpread Of(IEnumerable<double> values)
    {
        double[] known = [.. values.Where(double.IsFinite)];
        return known.Length == 0
            ? new SeedSpread(double.NaN, double.NaN, double.NaN, 0)
            : new SeedSpread(known.Average(), known.Min(), known.Max(), known.Length);
    }
}
