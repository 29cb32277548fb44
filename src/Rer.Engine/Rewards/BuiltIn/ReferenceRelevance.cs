using System.Globalization;

namespace Rer.Engine.Rewards.BuiltIn;

/// <summary>Reference-answer relevance: the inner product of the reference's and the response's embeddings.</summary>
/// <remarks>
/// Kim &amp; Seo 2024, section 3: a closed-ended query has a right answer to stay near. As a factor it is stretched to the scale of the
/// length incentive, which closed-ended rows go without.
/// </remarks>
public sealed class ReferenceRelevance : IRewardFeature
{
    /// <inheritdoc/>
    public string Symbol => "RAR";

    /// <inheritdoc/>
    public string Name => "reference-answer relevance";

    /// <inheritdoc/>
    public string Formula => "<e(reference), e(response)>";

    /// <inheritdoc/>
    public string ShortName => "ref. relevance";

    /// <inheritdoc/>
    public string ShortFormula => "e(y*) · e(y)";

    /// <inheritdoc/>
    public string Definition =>
        "Inner product of the reference answer's and the response's embeddings, as a factor stretched "
        + "to the scale of the length incentive (Kim & Seo 2024, section 3).";

    /// <inheritdoc/>
    public FeatureNeeds Reads => FeatureNeeds.RelevanceModel | FeatureNeeds.Reference;

    /// <inheritdoc/>
    public string Needs => "a relevance model and a reference (`output`) on every row; `precomputed` needs `relevance`";

    /// <inheritdoc/>
    public bool TakesCeiling => true;

    /// <inheritdoc/>
    public bool AppliesTo(ScoredItem item) => item.Relevance.ToReference is not null;

    /// <inheritdoc/>
    public double Evaluate(ScoredItem item) => item.Relevance.ToReference!.Value;

    /// <summary>Linear from 0..ceiling to 0..max response tokens / 100, not clipped.</summary>
    public double Factor(double value, RewardScale scale) => value / scale.RelevanceCeiling * (scale.MaxResponseTokens / 100.0);

    /// <inheritdoc/>
    public string Explain(double value, int words) => string.Create(CultureInfo.InvariantCulture, $"dot {value:#,0.00}");
}
