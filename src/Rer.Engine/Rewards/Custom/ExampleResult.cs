namespace Rer.Engine.Rewards.Custom;

/// <summary>What an example scored.</summary>
/// <param name="Example">The example.</param>
/// <param name="Value">Its value; NaN where there is none.</param>
/// <param name="Problem">Why there is no value; null where there is one.</param>
public sealed record ExampleResult(FeatureExample Example, double Value, string? Problem)
{
    /// <summary>Whether the value is the one wanted.</summary>
    public bool Passes => Math.Abs(Value - Example.Value) <= FeatureExample.Tolerance;
}
