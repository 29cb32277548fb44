using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>
/// Keys and values of a batch under generation. Allocated once and used again by every generation that fits; all rows
/// are filled to the same length, shorter prompts being padded on the left.
/// </summary>
internal sealed class KeyValueCache : IDisposable
{
    private readonly Tensor _store;
    private readonly Tensor[] _keys;
    private readonly Tensor[] _values;

    public KeyValueCache(ModelConfig config, long rows, long tokens, Device device, ScalarType type)
    {
        Rows = rows;
        Tokens = tokens;
        _store = zeros([2, config.Layers, rows, config.KeyValueHeads, tokens, config.HeadSize], type, device).DetachFromDisposeScope();
        Tensor[] Layers(int part) => [.. Enumerable.Range(0, config.Layers).Select(layer => _store[part, layer].DetachFromDisposeScope())];
        (_keys, _values) = (Layers(0), Layers(1));
    }

    /// <summary>Sequences it has room for.</summary>
    public long Rows { get; }

    /// <summary>Tokens a sequence it has room for.</summary>
    public long Tokens { get; }

    /// <summary>Bytes held.</summary>
    public long Bytes => _store.numel() * _store.element_size();

    /// <summary>Keys of a layer: [rows, key-value heads, tokens, head size].</summary>
    public Tensor Keys(int layer) => _keys[layer];

    /// <summary>Values of a layer, as <see cref="Keys"/>.</summary>
    public Tensor Values(int layer) => _values[layer];

    /// <summary>Attention of one token a row over places of the cache.</summary>
    /// <param name="layer">Index of the layer.</param>
    /// <param name="query">[rows, 1, heads, head size].</param>
    /// <param name="begin">First place.</param>
    /// <param name="length">How many places.</param>
    /// <param name="hidden">[rows, 1, length]: true on places that are not seen.</param>
    /// <returns>[rows, 1, heads · head size].</returns>
    public Tensor Attend(int layer, Tensor query, long begin, long length, Tensor hidden)
    {
        var (rows, heads, size) = (query.shape[0], query.shape[2], query.shape[3]);
        var keys = _keys[layer].narrow(0, 0, rows).flatten(0, 1).narrow(1, begin, length);
        var values = _values[layer].narrow(0, 0, rows).flatten(0, 1).narrow(1, begin, length);
        // The query heads that share a key head stand in for its tokens: keys and values are read once, never repeated.
        var q = query.reshape(keys.shape[0], rows * heads / keys.shape[0], size);
        var scores = (bmm(q, keys.transpose(1, 2)) / Math.Sqrt(size)).view(rows, heads, length);
        var weights = scores.masked_fill_(hidden, double.NegativeInfinity).softmax(-1);
        return bmm(weights.view(q.shape[0], q.shape[1], length), values).reshape(rows, 1, heads * size);
    }

    /// <summary>Copies one row's first <paramref name="filled"/> tokens over another's.</summary>
    public void MoveRow(long from, long to, long filled)
    {
        using var scope = NewDisposeScope();
        Tensor Row(long row) => _store.select(2, row).narrow(3, 0, filled);
        Row(to).copy_(Row(from));
    }

    public void Dispose()
    {
        foreach (var view in _keys.Concat(_values)) view.Dispose();
        _store.Dispose();
    }
}
