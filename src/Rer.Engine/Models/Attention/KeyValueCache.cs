using Rer.Engine.Kernels;
using Rer.Engine.Models.Architectures;
using static TorchSharp.torch;

namespace Rer.Engine.Models.Attention;

/// <summary>
/// Keys and values of a batch under generation. Allocated once and used again by every generation that fits; all rows
/// are filled to the same length, shorter prompts being padded on the left.
/// </summary>
internal sealed class KeyValueCache : IDisposable
{
    private readonly Tensor _store;
    private readonly KeyValues[] _layers;

    public KeyValueCache(ModelConfig config, long rows, long tokens, Device device, ScalarType type)
    {
        Rows = rows;
        Tokens = tokens;
        _store = zeros([2, config.Layers, rows, config.KeyValueHeads, tokens, config.HeadSize], type, device).DetachFromDisposeScope();
        Tensor View(int part, int layer) => _store[part, layer].DetachFromDisposeScope();
        _layers = [.. Enumerable.Range(0, config.Layers).Select(layer => new KeyValues(View(0, layer), View(1, layer)))];
    }

    /// <summary>Sequences it has room for.</summary>
    public long Rows { get; }

    /// <summary>Tokens a sequence it has room for.</summary>
    public long Tokens { get; }

    /// <summary>Bytes held.</summary>
    public long Bytes => _store.numel() * _store.element_size();

    /// <summary>Keys and values of a layer: [rows, key-value heads, tokens, head size].</summary>
    public KeyValues Layer(int layer) => _layers[layer];

    /// <summary>Copies one row's first <paramref name="filled"/> tokens over another's.</summary>
    public void MoveRow(long from, long to, long filled)
    {
        using var scope = NewDisposeScope();
        Tensor Row(long row) => _store.select(2, row).narrow(3, 0, filled);
        Row(to).copy_(Row(from));
    }

    public void Dispose()
    {
        foreach (var (keys, values) in _layers)
        {
            keys.Dispose();
            values.Dispose();
        }
        _store.Dispose();
    }
}
