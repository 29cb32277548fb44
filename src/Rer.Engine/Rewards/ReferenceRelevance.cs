namespace Rer.Engine.Rewards;

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
    public string Needs => "a relevance model and a reference (`output`) on every row; `precomputed` needs `relevance`";

    /// <inheritdoc/>
    public bool AppliesTo(ScoredItem item) => item.Relevance.ToReference is not null;

    /// <inheritdoc/>
    public double Evaluate(ScoredItem item) => item.Relevance.ToReference!.Value;

    /// <summary>Linear from 0..ceiling to 0..max response tokens / 100, not clipped.</summary>
    public double Factor(double value, RewardScale scale) => value / scale.RelevanceCeiling * (scale.MaxResponseTokens / 100.0);
}
