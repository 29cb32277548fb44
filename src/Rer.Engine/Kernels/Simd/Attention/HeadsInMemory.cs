namespace Rer.Engine.Kernels.Simd.Attention;

/// <summary>Where the heads of queries, keys or values lie in a projection.</summary>
/// <param name="data">The first head of the first token.</param>
/// <param name="row">From a row of the batch to the next.</param>
/// <param name="token">From a token to the next.</param>
/// <param name="size">From a head to the next: its width.</param>
internal readonly unsafe struct HeadsInMemory(float* data, long row, long token, long size)
{
    /// <summary>From a token to the next.</summary>
    public long TokenStride => token;

    /// <summary>A head of a token.</summary>
    public float* At(long batchRow, long inRow, long head) => data + (batchRow * row) + (inRow * token) + (head * size);

    /// <summary>Queries, keys and values side by side.</summary>
    public static (HeadsInMemory Query, HeadsInMemory Key, HeadsInMemory Value) Stacked(float* data, long tokens, HeadShape heads)
    {
        HeadsInMemory Of(float* part) => new(part, tokens * heads.Stacked, heads.Stacked, heads.Size);
        var key = data + (heads.Heads * heads.Size);
        return (Of(data), Of(key), Of(key + (heads.KeyValueHeads * heads.Size)));
    }

    /// <summary>Heads alone, side by side: what attention gives.</summary>
    public static HeadsInMemory Alone(float* data, long tokens, HeadShape heads)
    {
        var width = (long)heads.Heads * heads.Size;
        return new HeadsInMemory(data, tokens * width, width, heads.Size);
    }
}
