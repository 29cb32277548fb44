using Rer.Engine.Kernels;
using static TorchSharp.torch;

namespace Rer.Engine.Models.Attention;

/// <summary>One token a row against the cache: attention over the filled length only, of live rows only.</summary>
/// <param name="cache">Filled to <paramref name="filled"/> tokens.</param>
/// <param name="filled">Tokens in the cache; this one is written behind them.</param>
/// <param name="starts">[rows], int64: the first token of each row that is not padding.</param>
internal sealed class DecodeAttention(KeyValueCache cache, long filled, Tensor starts) : SelfAttention
{
    public override Tensor Positions { get; } = (filled - starts).unsqueeze(1);

    public override long Length => filled + 1;

    /// <summary>Tokens in the cache before this one.</summary>
    public long Filled => filled;

    /// <summary>[rows], int64: the first token of each row that is not padding.</summary>
    public Tensor Starts => starts;

    /// <summary>Keys and values of a layer.</summary>
    public KeyValues Cached(int layer) => cache.Layer(layer);

    internal override Tensor Attend(IKernels kernels, int layer, Tensor stacked, HeadShape heads, Rotation? rotation) =>
        kernels.AttendCached(stacked, heads, rotation, cache.Layer(layer), starts, filled);
}
