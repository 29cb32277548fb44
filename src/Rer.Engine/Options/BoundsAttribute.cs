namespace Rer.Engine.Options;

/// <summary>The interval a numeric option must lie in.</summary>
/// <param name="low">Lower end.</param>
/// <param name="high">Upper end; infinity where there is none.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BoundsAttribute(double low, double high = double.PositiveInfinity) : Attribute
{
    /// <summary>Lower end.</summary>
    public double Low { get; } = low;

    /// <summary>Upper end; infinity where there is none.</summary>
    public double High { get; } = high;

    /// <summary>Whether the lower end itself is outside.</summary>
    public bool LowOpen { get; init; }

    /// <summary>Whether <paramref name="value"/> lies inside; NaN and infinity never do.</summary>
    public bool Contain(double value) => double.IsFinite(value) && (LowOpen ? value > Low : value >= Low) && value <= High;

    /// <summary>The interval as it is written: `(0, 1]`.</summary>
    public override string ToString() =>
        $"{(LowOpen ? '(' : '[')}{Low}, {(double.IsPositiveInfinity(High) ? "∞)" : $"{High}]")}";
}
