using Rer.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>
/// Samples responses. The cache is allocated once and kept between calls; it grows only for a larger batch or longer
/// sequences than any before. Not thread-safe.
/// </summary>
/// <param name="model">The policy.</param>
public sealed class TextGenerator(CausalLm model) : IDisposable
{
    private KeyValueCache? _cache;
    private StepRecorder? _recorder;
    private object? _recordedState;

    /// <summary>Sequences decoded together. Default 128.</summary>
    public int MaxRows { get; init; } = 128;

    /// <summary>Records decoding steps; null computes each afresh. Default: on CUDA, where the tensor library can.</summary>
    internal ICudaGraphs? Graphs { get; init; } = model.Device.type == DeviceType.CUDA ? TorchCapabilities.CudaGraphs : null;

    /// <summary>Bytes of keys and values held.</summary>
    public long CacheBytes => _cache?.Bytes ?? 0;

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
    public Generation Generate(
        IReadOnlyList<int[]> prompts, SamplingOptions options, IReadOnlyList<ulong> seeds, CancellationToken cancellation = default)
    {
        options.Validate();
        Check(prompts, seeds);
        using var noGrad = no_grad();
        // Folding pays on every token, but would lose a bfloat16 model's adapter to rounding.
        using var merged = model.Type == ScalarType.Float32 ? model.MergeAdapter() : null;

        var responses = new ResponseWriter[prompts.Count];
        // Prompts of like length share a batch, so that little of it is padding.
        foreach (var batch in Enumerable.Range(0, prompts.Count).OrderByDescending(i => prompts[i].Length).Chunk(MaxRows))
        {
            foreach (var i in batch)
                responses[i] = new ResponseWriter(prompts[i], seeds[i], Math.Min(options.MaxNewTokens, model.Config.MaxPositions - prompts[i].Length));
            Decode([.. batch.Select(i => responses[i])], options, cancellation);
        }
        return new Generation(
            [.. responses.Select(response => response.Tokens.ToArray())],
            [.. responses.Select(response => response.EndedWithEos)],
            options.WithLogProbs ? [.. responses.Select(response => response.LogProbs.ToArray())] : null,
            options.WithValues ? [.. responses.Select(response => response.Values.ToArray())] : null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _recorder?.Dispose();
        _cache?.Dispose();
    }

    private void Decode(ResponseWriter[] responses, SamplingOptions options, CancellationToken cancellation)
    {
        var length = responses.Max(response => response.Prompt.Length);
        var room = responses.Max(response => response.MaxTokens);
        var cache = Cache(responses.Length, length + room);
        var batch = new DecodeBatch(model.Backbone, cache, Recorder(cache), responses);
        var eos = options.EosIds.ToHashSet();
        using var scope = NewDisposeScope();
        var hidden = batch.ReadPrompts();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            Choose(batch.Rows, hidden, options, eos);
            batch.DropFinished();
            if (batch.Rows.Count == 0) return;
            hidden.Dispose();
            hidden = batch.Step();
        }
    }

    /// <summary>Draws a token for each row and hands it to its response.</summary>
    private void Choose(IReadOnlyList<ResponseWriter> rows, Tensor hidden, SamplingOptions options, HashSet<int> eos)
    {
        using var scope = NewDisposeScope();
        var logits = model.Logits(hidden);
        var uniforms = tensor([.. rows.Select(row => row.NextUniform())], [rows.Count, 1]).to(logits.device);
        var chosen = TokenSampler.Sample(logits, options, uniforms);
        var tokens = chosen.cpu().data<long>().ToArray();
        var logProbs = options.WithLogProbs ? Floats(logits.log_softmax(-1).gather(1, chosen.unsqueeze(1))) : null;
        var values = options.WithValues ? Floats(model.Values(hidden)) : null;
        for (var row = 0; row < rows.Count; row++)
        {
            if (logProbs is not null) rows[row].LogProbs.Add(logProbs[row]);
            if (values is not null) rows[row].Values.Add(values[row]);
            rows[row].Append((int)tokens[row], eos);
        }
    }

    private KeyValueCache Cache(int rows, int tokens)
    {
        if (_cache is not null && _cache.Rows >= rows && _cache.Tokens >= tokens) return _cache;
        var (needRows, needTokens) = (Math.Max(rows, _cache?.Rows ?? 0), Math.Max(tokens, _cache?.Tokens ?? 0));
        if (Graphs is not null) (needRows, needTokens) = (StepRecorder.RoundUp((int)needRows), StepRecorder.RoundUp((int)needTokens));
        _recorder?.Dispose();
        _recorder = null;
        _cache?.Dispose();
        return _cache = new KeyValueCache(model.Config, needRows, needTokens, model.Device, model.Type);
    }

    /// <summary>A recording holds what the model computed then: another adapter, or one switched off, needs another.</summary>
    private StepRecorder? Recorder(KeyValueCache cache)
    {
        if (Graphs is null) return null;
        object state = (model.Adapter, model.Adapter?.On);
        if (_recorder is not null && state.Equals(_recordedState)) return _recorder;
        _recorder?.Dispose();
        _recordedState = state;
        return _recorder = new StepRecorder(model.Backbone, cache, Graphs);
    }

    private void Check(IReadOnlyList<int[]> prompts, IReadOnlyList<ulong> seeds)
    {
        if (prompts.Count != seeds.Count) throw new ArgumentException($"{prompts.Count} prompts need as many seeds, not {seeds.Count}.");
        for (var i = 0; i < prompts.Count; i++)
        {
            if (prompts[i].Length == 0) throw new ArgumentException($"Prompt {i} is empty: at least one token is needed.");
            if (prompts[i].Length >= model.Config.MaxPositions)
                throw new ArgumentException($"Prompt {i} has {prompts[i].Length} tokens; the model's context of {model.Config.MaxPositions} leaves no room for a response.");
            if (prompts[i].Any(id => id < 0 || id >= model.Config.VocabularySize))
                throw new ArgumentException($"Prompt {i} has ids outside the model's vocabulary of {model.Config.VocabularySize}: the tokenizer belongs to another model.");
        }
    }

    private static float[] Floats(Tensor tensor) => tensor.cpu().data<float>().ToArray();
}
