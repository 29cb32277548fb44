using static TorchSharp.torch;

namespace Rer.Engine.Models.Generation;

/// <summary>
/// Samples responses, on the CPU some on each thread. Caches are allocated once and kept between calls; they grow only for a larger
/// batch or longer sequences than any before. Not thread-safe.
/// </summary>
/// <param name="model">The policy.</param>
/// <param name="degreeOfParallelism">Parts that a batch is decoded in at a time; null is one a CPU thread, and one on a GPU.</param>
public sealed class TextGenerator(CausalLm model, int? degreeOfParallelism = null) : IDisposable
{
    private readonly int _degreeOfParallelism = degreeOfParallelism ?? DataParallel.Degree(model.Device);
    private readonly List<DecodeLane> _lanes = [];

    /// <summary>Sequences decoded together. Default 128.</summary>
    public int MaxRows { get; init; } = 128;

    /// <summary>Bytes of keys and values held.</summary>
    public long CacheBytes => _lanes.Sum(lane => lane.CacheBytes);

    /// <summary>Samples one response for each prompt.</summary>
    /// <param name="prompts">Token ids of each prompt, at least one.</param>
    /// <param name="options">How to choose tokens, and when to stop.</param>
    /// <param name="seeds">
    /// One a prompt. A response is a function of its prompt and its seed: what else is in the batch changes it only where
    /// rounding does, and the same batch gives the same responses bit for bit.
    /// </param>
    /// <param name="cancellation">Checked at every token.</param>
    /// <exception cref="ArgumentException">An option is out of bounds, a prompt is empty, or it leaves no room in the context.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public GenerationResult Generate(
        IReadOnlyList<int[]> prompts, SamplingOptions options, IReadOnlyList<ulong> seeds, CancellationToken cancellation = default)
    {
        options.Validate();
        Check(prompts, seeds);
        using var noGrad = no_grad();
        using var merged = model.MergeAdapter();

        var responses = new ResponseWriter[prompts.Count];
        // Prompts of like length share a batch, so that little of it is padding.
        foreach (var batch in Enumerable.Range(0, prompts.Count).OrderByDescending(i => prompts[i].Length).Chunk(MaxRows))
        {
            foreach (var i in batch)
                responses[i] =
                    new ResponseWriter(prompts[i], seeds[i], Math.Min(options.MaxNewTokens, model.Config.MaxPositions - prompts[i].Length));
            // Dealt out like cards, so that each lane has short and long ones.
            var lanes = Lanes(Math.Min(_degreeOfParallelism, batch.Length));
            DataParallel.Run(lanes.Length, lane => lanes[lane].Decode(
                [.. batch.Where((_, place) => place % lanes.Length == lane).Select(i => responses[i])], options, cancellation));
        }
        return new GenerationResult(
            [.. responses.Select(response => response.Tokens.ToArray())],
            [.. responses.Select(response => response.EndedWithEos)],
            options.WithTraces ? [.. responses.Select(response => response.Trace)] : null);
    }

    /// <inheritdoc/>
    public void Dispose() => _lanes.ForEach(lane => lane.Dispose());

    private DecodeLane[] Lanes(int count)
    {
        while (_lanes.Count < count) _lanes.Add(new DecodeLane(model));
        return [.. _lanes.Take(count)];
    }

    private void Check(IReadOnlyList<int[]> prompts, IReadOnlyList<ulong> seeds)
    {
        if (prompts.Count != seeds.Count) throw new ArgumentException($"{prompts.Count} prompts need as many seeds, not {seeds.Count}.");
        for (var i = 0; i < prompts.Count; i++)
        {
            if (prompts[i].Length == 0) throw new ArgumentException($"Prompt {i} is empty: at least one token is needed.");
            if (prompts[i].Length >= model.Config.MaxPositions)
                throw new ArgumentException(
                    $"Prompt {i} has {prompts[i].Length} tokens; the model's context of {model.Config.MaxPositions} leaves no room for a "
                        + "response.");
            if (prompts[i].Any(id => id < 0 || id >= model.Config.VocabularySize))
                throw new ArgumentException(
                    $"Prompt {i} has ids outside the model's vocabulary of {model.Config.VocabularySize}: the tokenizer belongs to another "
                        + "model.");
        }
    }
}

/// <summary>Responses, in the order of their prompts.</summary>
/// <param name="Sequences">Token ids of each response, the prompt left out, EOS included where produced; at least one token.</param>
/// <param name="EndedWithEos">Whether each response ended by itself rather than at the length.</param>
/// <param name="Traces">What the model said of each response's tokens, where asked for.</param>
public sealed record GenerationResult(IReadOnlyList<int[]> Sequences, IReadOnlyList<bool> EndedWithEos, IReadOnlyList<TokenTrace>? Traces)
{
    /// <summary>Tokens in all responses.</summary>
    public int TokenCount => Sequences.Sum(sequence => sequence.Length);
}
