namespace Rer.Engine.Rewards.Relevance;

/// <summary>Measures how relevant responses are to their queries and references.</summary>
public interface IRelevanceModel : IDisposable
{
    /// <summary>Short name for plans and charts: `contriever`, `lexical`, `precomputed`.</summary>
    string Name { get; }

    /// <summary>
    /// The relevance that counts as full: the reference-answer relevance's factor maps 0..ceiling to 0..max response tokens / 100. The
    /// published range, 3.5, was made for Contriever's inner products; a cosine's ceiling is 1.
    /// </summary>
    double Ceiling { get; }

    /// <summary>Relevance of each response, in order.</summary>
    RelevanceScore[] Measure(IReadOnlyList<ScoredItem> items);
}
