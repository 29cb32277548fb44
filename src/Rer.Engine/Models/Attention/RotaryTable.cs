using System.Numerics;
using Rer.Engine.Models.Architectures;
using static TorchSharp.torch;

namespace Rer.Engine.Models.Attention;

/// <summary>
/// Rotary position embedding (Su et al. 2021), in the layout of transformers: a head's halves rotate against each other. The table
/// of cosines and sines grows with the longest sequence met: a context of 131,072 tokens would take 134 MB that few runs need.
/// </summary>
/// <param name="config">Head size, rotated share, base, scaling and context.</param>
/// <param name="device">Where the table lives.</param>
/// <param name="type">Type of the activations it meets.</param>
internal sealed class RotaryTable(ModelConfig config, Device device, ScalarType type) : IDisposable
{
    private const long FirstRows = 512;
    private readonly List<Rotation> _tables = [];
    private (long Length, Rotation Table)? _dynamic;

    /// <summary>The rotation of a pass.</summary>
    /// <param name="attention">Tells the positions, [batch or 1, tokens].</param>
    /// <returns>Cosines and sines, [batch or 1, tokens, 1, rotated].</returns>
    public Rotation At(SelfAttention attention)
    {
        var positions = attention.Positions;
        var flat = positions.flatten();
        // Parts of a batch on other threads ask for rows of their own.
        lock (_tables)
        {
            var (cos, sin) = IsDynamic(attention.Length) ? Dynamic(positions.max().item<long>() + 1) : Rows(attention.Length);
            long[] shape = [positions.shape[0], positions.shape[1], 1, cos.shape[1]];
            return new Rotation(cos.index_select(0, flat).view(shape), sin.index_select(0, flat).view(shape));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (cos, sin) in _tables)
        {
            cos.Dispose();
            sin.Dispose();
        }
        _dynamic?.Table.Cos.Dispose();
        _dynamic?.Table.Sin.Dispose();
    }

    private bool IsDynamic(long length) => config.RopeScaling is { Kind: "dynamic" } scaling && length > scaling.OriginalMaxPositions;

    private Rotation Rows(long length)
    {
        if (_tables.Count == 0 || _tables[^1].Cos.shape[0] < length)
        {
            // A pass on another thread may be reading the smaller ones, so they stay; together they are no larger than the last.
            _tables.Add(Compute(Math.Max(FirstRows, (long)BitOperations.RoundUpToPowerOf2((ulong)length)), RotaryFrequencies.Of(config)));
        }
        return _tables[^1];
    }

    /// <summary>Under dynamic scaling each length beyond the original context has frequencies of its own.</summary>
    private Rotation Dynamic(long length)
    {
        if (_dynamic is { } kept && kept.Length == length) return kept.Table;
        _dynamic?.Table.Cos.Dispose();
        _dynamic?.Table.Sin.Dispose();
        _dynamic = (length, Compute(length, RotaryFrequencies.Of(config, length)));
        return _dynamic.Value.Table;
    }

    private Rotation Compute(long rows, double[] frequencies)
    {
        var half = frequencies.Length;
        var scale = config.RopeScaling?.AttentionFactor ?? 1;
        var cos = new float[rows * 2 * half];
        var sin = new float[cos.Length];
        for (var position = 0; position < rows; position++)
        {
            var row = position * 2 * half;
            for (var i = 0; i < half; i++)
            {
                var (s, c) = Math.SinCos(position * frequencies[i]);
                cos[row + i] = cos[row + half + i] = (float)(c * scale);
                sin[row + i] = sin[row + half + i] = (float)(s * scale);
            }
        }
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Tensor Place(float[] values) => tensor(values, [rows, 2 * half]).to(type).to(device).DetachFromDisposeScope();
        return new Rotation(Place(cos), Place(sin));
    }
}
