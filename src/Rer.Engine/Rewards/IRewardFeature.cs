using System.Globalization;
using Rer.Engine.Rewards.BuiltIn;
using Rer.Engine.Rewards.Relevance;

namespace Rer.Engine.Rewards;

/// <summary>
/// One interpretable quantity of a response: a formula with a name, which says of itself all that designs, pages, checks and the API show
/// of it. A new one is a class and a line of <see cref="RewardFeatures.BuiltIn"/>.
/// </summary>
public interface IRewardFeature
{
    /// <summary>How design texts write it: `LI`.</summary>
    string Symbol { get; }

    /// <summary>What people call it: `length incentive`.</summary>
    string Name { get; }

    /// <summary>The formula in words, for explanations: `words / 100`.</summary>
    string Formula { get; }

    /// <summary>The name where there is room for some twelve characters a line: `length`.</summary>
    string ShortName => Name;

    /// <summary>The formula where there is as little room.</summary>
    string ShortFormula => Formula;

    /// <summary>What it measures, where the formula comes from and where its limits are, in a few sentences.</summary>
    string Definition => Formula;

    /// <summary>The values that it can have.</summary>
    FeatureBounds Bounds => FeatureBounds.None;

    /// <summary>What it reads besides the response.</summary>
    FeatureNeeds Reads => FeatureNeeds.None;

    /// <summary>What an item must have for the feature to be known, for error messages; empty where every item has it.</summary>
    string Needs => Reads.Words();

    /// <summary>
    /// Whether a design may say which value counts as full, `RAR(0..2)`, in place of the relevance model's own
    /// (<see cref="IRelevanceModel.Ceiling"/>); see <see cref="RewardScale.RelevanceCeiling"/>.
    /// </summary>
    bool TakesCeiling => false;

    /// <summary>Whether the feature is known for the item.</summary>
    bool AppliesTo(ScoredItem item) => true;

    /// <summary>The feature's raw value, finite.</summary>
    double Evaluate(ScoredItem item);

    /// <summary>What the raw value contributes to a design's product: the value itself, unless the feature says otherwise.</summary>
    double Factor(double value, RewardScale scale) => value;

    /// <summary>What stands behind a raw value, in a few words: `41 words`.</summary>
    /// <param name="value">The raw value.</param>
    /// <param name="words">Words of the response.</param>
    string Explain(double value, int words) => string.Create(CultureInfo.InvariantCulture, $"value {value:0.00}");
}

/// <summary>What a feature reads besides the response.</summary>
[Flags]
public enum FeatureNeeds
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The query, which every item has.</summary>
    Query = 1,

    /// <summary>A known good answer.</summary>
    Reference = 2,

    /// <summary>What a relevance model measures.</summary>
    RelevanceModel = 4,
}

/// <summary>The values that a feature can have, both ends included.</summary>
/// <param name="Low">The lowest; negative infinity where there is none.</param>
/// <param name="High">The highest; infinity where there is none.</param>
public readonly record struct FeatureBounds(double Low, double High)
{
    /// <summary>Any value.</summary>
    public static FeatureBounds None { get; } = new(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>As mathematics writes it: `[0, 1]`, `[0, ∞)`.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(double.IsFinite(Low) ? $"[{Low}" : "(-∞")}, {(double.IsFinite(High) ? $"{High}]" : "∞)")}");
}

/// <summary>What features read, in words.</summary>
public static class FeatureNeedsWords
{
    /// <summary>What an item must have, for error messages; empty where every item has it.</summary>
    public static string Words(this FeatureNeeds needs) => string.Join(
        " and ",
        new[]
        {
            needs.HasFlag(FeatureNeeds.RelevanceModel) ? "a relevance model" : "",
            needs.HasFlag(FeatureNeeds.Reference) ? "a reference (`output`) on every row" : "",
        }.Where(words => words.Length > 0));
}
