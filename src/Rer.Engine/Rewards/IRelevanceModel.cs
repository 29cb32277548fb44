namespace Rer.Engine.Rewards;

/// <summary>Embeds texts so that the inner product of two embeddings is their relevance.</summary>
public interface IRelevanceModel
{
    /// <summary>Short name for plans and charts: `contriever`, `lexical`, `precomputed`.</summary>
    string Name { get; }

    /// <summary>One embedding a text, all of the same length (sparse models hash into a fixed length).</summary>
    IReadOnlyList<float[]> Embed(IReadOnlyList<string> texts);
}
