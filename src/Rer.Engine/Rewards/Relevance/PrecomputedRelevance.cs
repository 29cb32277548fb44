namespace Rer.Engine.Rewards.Relevance;

/// <summary>
/// Relevance that the data's rows bring along (`relevance`). A row has one value, of its response to whatever its design compares it
/// with, so the query and reference-answer relevance read the same number.
/// </summary>
/// <remarks>For scoring responses that exist already; a policy's new responses have no such value.</remarks>
public sealed class PrecomputedRelevance : IRelevanceModel
{
    /// <inheritdoc/>
    public string Name => "precomputed";

    /// <summary>3.5, Contriever's: values computed elsewhere are taken to be of the published model.</summary>
    public double Ceiling { get; init; } = PublishedCeiling;

    /// <summary>The input range's end in the published implementation.</summary>
    public const double PublishedCeiling = 3.5;

    /// <inheritdoc/>
    public RelevanceScore[] Measure(IReadOnlyList<ScoredItem> items) =>
        [.. items.Select(item => new RelevanceScore(item.Prompt.Relevance, item.Prompt.Relevance))];

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
