namespace Rer.Engine.Rewards;

/// <summary>
/// Relevance as the inner product of two embeddings. Queries and references recur at every step and evaluation, so theirs are computed
/// once and kept; responses are new each time and are not.
/// </summary>
/// <typeparam name="TEmbedding">A text's embedding: dense or sparse.</typeparam>
public abstract class EmbeddingRelevance<TEmbedding> : IRelevanceModel
{
    private readonly Dictionary<string, TEmbedding> _known = [];
    private readonly Lock _lock = new();

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public abstract double Ceiling { get; }

    /// <summary>One embedding a text, in order.</summary>
    protected abstract IReadOnlyList<TEmbedding> Embed(IReadOnlyList<string> texts);

    /// <summary>The inner product of two embeddings.</summary>
    protected abstract double Product(TEmbedding left, TEmbedding right);

    /// <inheritdoc/>
    public Relevance[] Measure(IReadOnlyList<ScoredItem> items)
    {
        lock (_lock)
        {
            Remember(items.Select(item => item.Query).Concat(items.Select(item => item.Prompt.Reference).OfType<string>()));
            var responses = Embed([.. items.Select(item => item.Response)]);
            return [.. items.Zip(responses, (item, response) => new Relevance(
                Product(_known[item.Query], response),
                item.Prompt.Reference is { } reference ? Product(_known[reference], response) : null))];
        }
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
