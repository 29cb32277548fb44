using System.Globalization;

namespace Rer.Engine.Rewards.BuiltIn;

/// <summary>Query relevance: the inner product of the query's and the response's embeddings.</summary>
/// <remarks>Kim &amp; Seo 2024, section 3: a long response should stay on its topic.</remarks>
public sealed class QueryRelevance : IRewardFeature
{
    /// <inheritdoc/>
    public string Symbol => "QR";

    /// <inheritdoc/>
    public string Name => "query relevance";

    /// <inheritdoc/>
    public string Formula => "<e(query), e(response)>";

    /// <inheritdoc/>
    public string ShortFormula => "e(x) · e(y)";

    /// <inheritdoc/>
    public string Definition =>
        "Inner product of the query's and the response's embeddings; the scale is the relevance model's (Kim & Seo 2024, section 3).";

    /// <inheritdoc/>
    public FeatureNeeds Reads => FeatureNeeds.RelevanceModel | FeatureNeeds.Query;

    /// <inheritdoc/>
    public string Needs => "a relevance model; `precomputed` needs `relevance` on every row";

    /// <inheritdoc/>
    public bool AppliesTo(ScoredItem item) => item.Relevance.ToQuery is not null;

    /// <inheritdoc/>
    public double Evaluate(ScoredItem item) => item.Relevance.ToQuery!.Value;

    /// <inheritdoc/>
    public string Explain(double value, int words) => string.Create(CultureInfo.InvariantCulture, $"dot {value:#,0.00}");
}
