using Rer.Engine.Kernels.Simd.Products;

namespace Rer.Engine.Kernels.Simd.Attention;

/// <summary>Memory that takes rotated keys, and values, beside attention; nothing where it is empty.</summary>
/// <param name="keys">[rows, key-value heads, capacity, head size], the first row.</param>
/// <param name="values">As <paramref name="keys"/>.</param>
/// <param name="capacity">Positions that a head has room for.</param>
/// <param name="rowStride">From a row to the next.</param>
internal readonly unsafe struct KeptKeys(float* keys, float* values, long capacity, long rowStride)
{
    /// <summary>Whether nothing is kept.</summary>
    public bool IsEmpty => keys == null;

    /// <summary>Positions that a head has room for.</summary>
    public long Capacity => capacity;

    /// <summary>A row's keys.</summary>
    public float* KeysOf(long row) => keys + (row * rowStride);

    /// <summary>A row's values.</summary>
    public float* ValuesOf(long row) => values + (row * rowStride);

    /// <summary>Rows of a cache: a narrowed view of a contiguous tensor, whose rows are whole.</summary>
    public static KeptKeys Of(KeyValues? kept) =>
        kept is var (keys, values) ? new(Matrix.Floats(keys), Matrix.Floats(values), keys.size(2), keys.stride(0)) : default;
}
