using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>
/// Keys and values of a batch under generation. Allocated once and used again by every generation that fits; all rows
/// are filled to the same length, shorter prompts being padded on the left.
/// </summary>
internal sealed class KeyValueCache : IDisposable
{
    private readonly Tensor[] _keys;
    private readonly Tensor[] _values;

    public KeyValueCache(ModelConfig config, long rows, long tokens, Device device, ScalarType type)
    {
        Rows = rows;
        Tokens = tokens;
        Tensor Allocate() => zeros([rows, config.KeyValueHeads, tokens, config.HeadSize], type, device).DetachFromDisposeScope();
        _keys = [.. Enumerable.Range(0, config.Layers).Select(_ => Allocate())];
        _values = [.. Enumerable.Range(0, config.Layers).Select(_ => Allocate())];
    }

    /// <summary>Sequences it has room for.</summary>
    public long Rows { get; }

    /// <summary>Tokens a sequence it has room for.</summary>
    public long Tokens { get; }

    /// <summary>Bytes held.</summary>
    public long Bytes => _keys.Concat(_values).Sum(store => store.numel() * store.element_size());

    /// <summary>Keys of a layer: [rows, key-value heads, tokens, head size].</summary>
    public Tensor Keys(int layer) => _keys[layer];

    /// <summary>Values of a layer, as <see cref="Keys"/>.</summary>
    public Tensor Values(int layer) => _values[layer];

    /// <summary>Copies one row's first <paramref name="filled"/> tokens over another's.</summary>
    public void MoveRow(long from, long to, long filled)
    {
        using var scope = NewDisposeScope();
        foreach (var store in _keys.Concat(_values))
            store.select(0, to).narrow(1, 0, filled).copy_(store.select(0, from).narrow(1, 0, filled));
    }

    public void Dispose()
    {
        foreach (var store in _keys.Concat(_values)) store.Dispose();
    }
}
