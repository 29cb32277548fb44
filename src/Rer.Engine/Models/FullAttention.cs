using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>Causal attention within the batch itself, nothing kept: training, scoring, and the prompt of a generation.</summary>
public sealed class FullAttention : Attention
{
    private readonly Tensor? _mask;
    private readonly Dictionary<int, Tensor> _hidden = [];

    /// <param name="attentionMask">
    /// [batch, tokens], 1 on tokens and 0 on padding, which may stand left or right. Positions count the tokens before.
    /// </param>
    /// <param name="positions">Positions to use in place of those, [batch, tokens], int64.</param>
    public FullAttention(Tensor attentionMask, Tensor? positions = null)
    {
        _mask = attentionMask;
        Positions = positions ?? (attentionMask.cumsum(1) - 1).clamp_(min: 0).to(ScalarType.Int64);
    }

    /// <param name="tokens">Tokens in each sequence; there is no padding.</param>
    /// <param name="device">Where the forward pass runs.</param>
    public FullAttention(long tokens, Device device) => Positions = arange(tokens, ScalarType.Int64, device).unsqueeze(0);

    /// <inheritdoc/>
    public override Tensor Positions { get; }

    /// <inheritdoc/>
    public override Tensor Attend(int layer, Tensor query, Tensor key, Tensor value, int? window)
    {
        if (Fused.For(query) is { } fused) return fused.CausalAttention(query, key, value, _mask, window ?? 0);
        var (batch, tokens, heads, size) = (query.shape[0], query.shape[1], query.shape[2], query.shape[3]);
        var keyHeads = key.shape[2];
        var group = heads / keyHeads;
        // The query heads that share a key head stand behind one another, so that keys and values are never repeated.
        var q = query.view(batch, tokens, keyHeads, group, size).permute(0, 2, 3, 1, 4).reshape(batch * keyHeads, group * tokens, size);
        var k = key.permute(0, 2, 3, 1).reshape(batch * keyHeads, size, tokens);
        var v = value.permute(0, 2, 1, 3).reshape(batch * keyHeads, tokens, size);
        var scores = (bmm(q, k) / Math.Sqrt(size)).view(batch, heads, tokens, tokens);
        var weights = scores.masked_fill(Hidden(tokens, window), double.NegativeInfinity).softmax(-1);
        var mixed = bmm(weights.view(batch * keyHeads, group * tokens, tokens), v);
        return mixed.view(batch, heads, tokens, size).transpose(1, 2).reshape(batch, tokens, heads * size);
    }

    /// <summary>Which tokens a token must not see: [batch or 1, 1, tokens, tokens], true where hidden.</summary>
    private Tensor Hidden(long tokens, int? window)
    {
        if (_hidden.TryGetValue(window ?? 0, out var hidden)) return hidden;
        var index = arange(tokens, ScalarType.Int64, Positions.device);
        var distance = index.unsqueeze(1) - index.unsqueeze(0);
        hidden = distance < 0;
        if (window is { } width) hidden = hidden | (distance >= width);
        hidden = hidden.unsqueeze(0);
        // Padding sees itself, so that no row is wholly hidden: a softmax over nothing is NaN, and NaN spreads.
        if (_mask is { } mask) hidden = hidden | ((mask == 0).unsqueeze(1) & (distance != 0));
        // All layers of the pass share it: it must outlive the scope of the one that asked first.
        return _hidden[window ?? 0] = hidden.unsqueeze(1).MoveToOtherDisposeScope(Positions);
    }
}
