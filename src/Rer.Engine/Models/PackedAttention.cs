using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>
/// Causal attention over sequences laid end to end in one row, `[1, tokens]`: every other layer of the model works on tokens alone and
/// so spends nothing on padding. Attention itself takes them as they lie where a kernel can, else spreads them out to
/// `[sequences, longest]` and back.
/// </summary>
public sealed class PackedAttention : Attention
{
    private readonly IReadOnlyList<int> _lengths;
    private readonly int _sequences;
    private readonly int _longest;
    private readonly int _longestBegins;
    private readonly FullAttention _within;
    private readonly Tensor? _places;

    /// <param name="lengths">Tokens in each sequence, in the order they are laid out.</param>
    /// <param name="device">Where the forward pass runs.</param>
    public PackedAttention(IReadOnlyList<int> lengths, Device device)
    {
        (_lengths, _sequences, _longest) = (lengths, lengths.Count, lengths.Max());
        _longestBegins = lengths.TakeWhile(length => length < _longest).Sum();
        _within = new FullAttention(_longest, device);
        Positions = tensor(lengths.SelectMany(length => Enumerable.Range(0, length).Select(t => (long)t)).ToArray(), device: device).unsqueeze(0);
        if (lengths.All(length => length == _longest)) return;
        _places = tensor(
            lengths.SelectMany((length, row) => Enumerable.Range(0, length).Select(t => (long)row * _longest + t)).ToArray(), device: device);
    }

    /// <inheritdoc/>
    public override Tensor Positions { get; }

    /// <inheritdoc/>
    public override long Length => _longest;

    /// <inheritdoc/>
    public override Tensor Attend(int layer, Tensor query, Tensor key, Tensor value, int? window)
    {
        // What pads a shorter sequence stands behind it, where causal attention never looks.
        Tensor Heads(Tensor x) => Spread(x.flatten(2)).view(_sequences, _longest, x.shape[2], x.shape[3]);
        return Gather(_within.Attend(layer, Heads(query), Heads(key), Heads(value), window));
    }

    internal override Tensor AttendStacked(int layer, Tensor stacked, Rotation rotation, ModelConfig config)
    {
        if (Fused.For(stacked) is { } fused)
        {
            return fused.RotaryAttention(
                stacked, rotation.Cos, rotation.Sin, mask: null, [.. _lengths.Select(length => (long)length)], config.Heads, config.KeyValueHeads,
                config.WindowOf(layer) ?? 0);
        }

        // The longest sequence stands at every position that any of them stands at.
        var within = new Rotation(rotation.Cos.narrow(1, _longestBegins, _longest), rotation.Sin.narrow(1, _longestBegins, _longest));
        return Gather(_within.AttendStacked(layer, Spread(stacked), within, config));
    }

    /// <summary>[1, tokens, width] to [sequences, longest, width].</summary>
    private Tensor Spread(Tensor x)
    {
        var width = x.shape[2];
        if (_places is not null) x = zeros([(long)_sequences * _longest, width], x.dtype, x.device).index_copy(0, _places, x.squeeze(0));
        return x.reshape(_sequences, _longest, width);
    }

    /// <summary>[sequences, longest, width] to [1, tokens, width].</summary>
    private Tensor Gather(Tensor x)
    {
        var flat = x.reshape((long)_sequences * _longest, -1);
        return (_places is null ? flat : flat.index_select(0, _places)).unsqueeze(0);
    }
}
