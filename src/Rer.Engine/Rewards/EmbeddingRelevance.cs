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
    public Relevance[] Measure(IReadOnlyList<ScoreInput> inputs, IReadOnlyList<string> queries)
    {
        lock (_lock)
        {
            Remember(queries.Concat(inputs.Select(input => input.Prompt.Reference).OfType<string>()));
            var responses = Embed([.. inputs.Select(input => input.Response)]);
            var relevance = new Relevance[inputs.Count];
            for (var i = 0; i < inputs.Count; i++)
            {
                var toQuery = Product(_known[queries[i]], responses[i]);
                double? toReference = inputs[i].Prompt.Reference is { } reference ? Product(_known[reference], responses[i]) : null;
                relevance[i] = new Relevance(toQuery, toReference);
            }

            return relevance;
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
