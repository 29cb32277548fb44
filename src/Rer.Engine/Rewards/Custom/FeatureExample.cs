namespace Rer.Engine.Rewards.Custom;

/// <summary>A test of a feature: what a response must score.</summary>
/// <param name="Response">The response.</param>
/// <param name="Value">The value wanted.</param>
/// <param name="Query">The query it answers; empty where the feature does not look at it.</param>
/// <param name="Reference">A known good answer; null where there is none.</param>
/// <param name="QueryRelevance">QR of the response; null where the feature does not look at it.</param>
/// <param name="ReferenceRelevance">RAR of the response; null where the feature does not look at it.</param>
public sealed record FeatureExample(
    string Response, double Value, string Query = "", string? Reference = null, double? QueryRelevance = null,
    double? ReferenceRelevance = null)
{
    /// <summary>Largest difference from <see cref="Value"/> that passes, absolute.</summary>
    public const double Tolerance = 1e-4;
}
