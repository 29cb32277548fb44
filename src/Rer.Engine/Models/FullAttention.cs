using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>Causal attention within the batch itself, nothing kept: training, scoring, and the prompt of a generation.</summary>
public sealed class FullAttention : Attention
{
    private readonly Tensor? _mask;
    private readonly Dictionary<int, Tensor> _seen = [];

    /// <param name="attentionMask">
    /// [batch, tokens], 1 on tokens and 0 on padding, which may stand left or right. Positions count the tokens before.
    /// </param>
    /// <param name="positions">Positions to use in place of those, [batch, tokens], int64.</param>
    public FullAttention(Tensor attentionMask, Tensor? positions = null)
    {
        _mask = attentionMask;
        Length = positions is null ? attentionMask.shape[1] : positions.max().item<long>() + 1;
        Positions = positions ?? (attentionMask.cumsum(1) - 1).clamp_(min: 0).to(ScalarType.Int64);
    }

    /// <param name="tokens">Tokens in each sequence; there is no padding.</param>
    /// <param name="device">Where the forward pass runs.</param>
    public FullAttention(long tokens, Device device) => (Length, Positions) = (tokens, arange(tokens, ScalarType.Int64, device).unsqueeze(0));

    /// <inheritdoc/>
    public override Tensor Positions { get; }

    /// <inheritdoc/>
    public override long Length { get; }

    /// <inheritdoc/>
    public override Tensor Attend(int layer, Tensor query, Tensor key, Tensor value, int? window)
    {
        if (Fused.For(query) is { } fused) return fused.CausalAttention(query, key, value, _mask, window ?? 0);
        var (batch, tokens, heads, size) = (query.shape[0], query.shape[1], query.shape[2], query.shape[3]);
        var group = heads / key.shape[2];
        var plain = _mask is null && window is null;
        var mixed = nn.functional.scaled_dot_product_attention(
            query.transpose(1, 2), Repeat(key, group), Repeat(value, group), plain ? null : Seen(tokens, window), is_casual: plain);
        return mixed.transpose(1, 2).reshape(batch, tokens, heads * size);
    }

    internal override Tensor AttendStacked(int layer, Tensor stacked, Rotation rotation, ModelConfig config) =>
        Fused.For(stacked) is { } fused
            ? fused.RotaryAttention(stacked, rotation.Cos, rotation.Sin, _mask, [], config.Heads, config.KeyValueHeads, config.WindowOf(layer) ?? 0)
            : base.AttendStacked(layer, stacked, rotation, config);

    /// <summary>[batch, heads, tokens, head size]: each key head once for every query head that shares it.</summary>
    private static Tensor Repeat(Tensor x, long group)
    {
        if (group == 1) return x.transpose(1, 2);
        var (batch, tokens, heads, size) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
        return x.transpose(1, 2).unsqueeze(2).expand(batch, heads, group, tokens, size).reshape(batch, heads * group, tokens, size);
    }

    /// <summary>Which tokens a token may see: [batch or 1, 1, tokens, tokens].</summary>
    private Tensor Seen(long tokens, int? window)
    {
        if (_seen.TryGetValue(window ?? 0, out var seen)) return seen;
        var index = arange(tokens, ScalarType.Int64, Positions.device);
        var distance = index.unsqueeze(1) - index.unsqueeze(0);
        seen = distance >= 0;
        if (window is { } width) seen = seen & (distance < width);
        seen = seen.unsqueeze(0);
        // Padding sees itself, so that it sees something: a softmax over nothing is NaN, and NaN spreads.
        if (_mask is { } mask) seen = seen & ((mask != 0).unsqueeze(1) | (distance == 0));
        // All layers of the pass share it: it must outlive the scope of the one that asked first.
        return _seen[window ?? 0] = seen.unsqueeze(1).MoveToOtherDisposeScope(Positions);
    }
}
