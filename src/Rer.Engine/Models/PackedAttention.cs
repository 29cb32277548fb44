using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>
/// Causal attention over sequences laid end to end in one row, `[1, tokens]`: every other layer of the model works on tokens alone and
/// so spends nothing on padding; attention itself spreads them out to `[sequences, longest]` and back.
/// </summary>
public sealed class PackedAttention : Attention
{
    private readonly int _sequences;
    private readonly int _longest;
    private readonly FullAttention _within;
    private readonly Tensor? _places;

    /// <param name="lengths">Tokens in each sequence, in the order they are laid out.</param>
    /// <param name="device">Where the forward pass runs.</param>
    public PackedAttention(IReadOnlyList<int> lengths, Device device)
    {
        (_sequences, _longest) = (lengths.Count, lengths.Max());
        _within = new FullAttention(_longest, device);
        Positions = tensor(lengths.SelectMany(length => Enumerable.Range(0, length).Select(t => (long)t)).ToArray(), device: device).unsqueeze(0);
        if (lengths.All(length => length == _longest)) return;
        _places = tensor(
            lengths.SelectMany((length, row) => Enumerable.Range(0, length).Select(t => (long)row * _longest + t)).ToArray(), device: device);
    }

    /// <inheritdoc/>
    public override Tensor Positions { get; }

    /// <inheritdoc/>
    public override Tensor Attend(int layer, Tensor query, Tensor key, Tensor value, int? window)
    {
        // What pads a shorter sequence stands behind it, where causal attention never looks.
        var mixed = _within.Attend(layer, Spread(query), Spread(key), Spread(value), window).view(_sequences * _longest, -1);
        return (_places is null ? mixed : mixed.index_select(0, _places)).unsqueeze(0);
    }

    /// <summary>[1, tokens, heads, size] to [sequences, longest, heads, size].</summary>
    private Tensor Spread(Tensor x)
    {
        var (heads, size) = (x.shape[2], x.shape[3]);
        if (_places is not null)
        {
            x = zeros([(long)_sequences * _longest, heads, size], x.dtype, x.device).index_copy(0, _places, x.squeeze(0));
        }

        return x.view(_sequences, _longest, heads, size);
    }
}
