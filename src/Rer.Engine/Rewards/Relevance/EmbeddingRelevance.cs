namespace Rer.Engine.Rewards.Relevance;

/// <summary>
/// Relevance as the inner product of two embeddings. Queries and references recur at every step and evaluation, so theirs are computed
/// once and kept; responses are new each time and are not.
/// </summary>
/// <typeparam name="TEmbedding">A text's embedding: dense or sparse.</typeparam>
internal abstract class EmbeddingRelevance<TEmbedding> : IRelevanceModel
{
    private readonly Dictionary<string, Embedded<TEmbedding>> _known = [];
    private readonly Lock _lock = new();

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public abstract double Ceiling { get; }

    /// <summary>One embedding a text, in order.</summary>
    protected abstract IReadOnlyList<Embedded<TEmbedding>> Embed(IReadOnlyList<string> texts);

    /// <summary>The inner product of two embeddings.</summary>
    protected abstract double Product(TEmbedding left, TEmbedding right);

    /// <inheritdoc/>
    public RelevanceScore[] Measure(IReadOnlyList<ScoredItem> items)
    {
        lock (_lock)
        {
            Remember(items.Select(item => item.Query).Concat(items.Select(item => item.Prompt.Reference).OfType<string>()));
            var responses = Embed([.. items.Select(item => item.Response)]);
            return [.. items.Zip(responses, Relate)];
        }
    }

    private RelevanceScore Relate(ScoredItem item, Embedded<TEmbedding> response)
    {
        var query = _known[item.Query];
        if (item.Prompt.Reference is not { } text)
            return new RelevanceScore(Product(query.Value, response.Value), null, query.Cut || response.Cut);
        var reference = _known[text];
        return new RelevanceScore(
            Product(query.Value, response.Value), Product(reference.Value, response.Value), query.Cut || reference.Cut || response.Cut);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the model holds outside the managed heap.</summary>
    protected virtual void Dispose(bool disposing) => _known.Clear();

    private void Remember(IEnumerable<string> texts)
    {
        var unknown = texts.Where(text => !_known.ContainsKey(text)).Distinct().ToArray();
        if (unknown.Length == 0) return;
        var embeddings = Embed(unknown);
        for (var i = 0; i < unknown.Length; i++) _known[unknown[i]] = embeddings[i];
    }
}

/// <summary>A text's embedding.</summary>
/// <typeparam name="TEmbedding">Dense or sparse.</typeparam>
/// <param name="Value">The embedding.</param>
/// <param name="Cut">Whether it is of a part of the text, because the whole is longer than the model's context.</param>
public readonly record struct Embedded<TEmbedding>(TEmbedding Value, bool Cut);
