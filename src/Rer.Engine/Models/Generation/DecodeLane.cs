using Rer.Engine.Models.Attention;
using static TorchSharp.torch;

namespace Rer.Engine.Models.Generation;

/// <summary>Decodes one batch at a time, with a cache of its own that is kept from batch to batch.</summary>
/// <param name="model">The policy.</param>
internal sealed class DecodeLane(CausalLm model) : IDisposable
{
    private KeyValueCache? _cache;

    /// <summary>Bytes of keys and values held.</summary>
    public long CacheBytes => _cache?.Bytes ?? 0;

    /// <summary>Writes all responses to their ends.</summary>
    public void Decode(ResponseWriter[] responses, SamplingOptions options, CancellationToken cancellation)
    {
        var length = responses.Max(response => response.Prompt.Length);
        var room = responses.Max(response => response.MaxTokens);
        var cache = Cache(responses.Length, length + room);
        var batch = new DecodeBatch(model.Backbone, cache, responses);
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
        var chosen = model.Kernels.Sample(logits, options, uniforms);
        var tokens = chosen.cpu().data<long>().ToArray();
        if (options.WithTraces) Record(rows, hidden, logits, chosen);
        for (var row = 0; row < rows.Count; row++) rows[row].Append((int)tokens[row], eos);
    }

    private void Record(IReadOnlyList<ResponseWriter> rows, Tensor hidden, Tensor logits, Tensor chosen)
    {
        var (logProbs, entropies) = model.Kernels.LogProbs(logits, chosen);
        var (said, spread) = (Floats(logProbs), Floats(entropies));
        var values = model.ValueHead is null ? new float[rows.Count] : Floats(model.Values(hidden));
        for (var row = 0; row < rows.Count; row++) rows[row].Record(said[row], spread[row], values[row]);
    }

    private KeyValueCache Cache(int rows, int tokens)
    {
        if (_cache is not null && _cache.Rows >= rows && _cache.Tokens >= tokens) return _cache;
        var (needRows, needTokens) = (Math.Max(rows, _cache?.Rows ?? 0), Math.Max(tokens, _cache?.Tokens ?? 0));
        _cache?.Dispose();
        return _cache = new KeyValueCache(model.Config, needRows, needTokens, model.Device, model.Type);
    }

    /// <inheritdoc/>
    public void Dispose() => _cache?.Dispose();

    private static float[] Floats(Tensor tensor) => tensor.cpu().data<float>().ToArray();
}
