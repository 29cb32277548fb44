using Rer.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>One token a row against the cache: attention over the filled length only, of live rows only.</summary>
internal sealed class DecodeAttention : Attention
{
    private readonly KeyValueCache _cache;
    private readonly long _filled;
    private readonly Tensor _starts;
    private Tensor? _positions;
    private Tensor? _padding;

    /// <param name="cache">Filled to <paramref name="filled"/> tokens.</param>
    /// <param name="filled">Tokens in the cache; this one is written behind them.</param>
    /// <param name="starts">[rows], int64: the first token of each row that is not padding.</param>
    public DecodeAttention(KeyValueCache cache, long filled, Tensor starts)
    {
        _cache = cache;
        _filled = filled;
        _starts = starts;
    }

    public override Tensor Positions => _positions ??= (_filled - _starts).unsqueeze(1);

    public override long Length => _filled + 1;

    public override Tensor Attend(int layer, Tensor query, Tensor key, Tensor value, int? window)
    {
        if (Fused.For(query) is { } fused)
            return fused.DecodeAttention(query, key, value, _cache.Keys(layer), _cache.Values(layer), _starts, _filled, window ?? 0);
        _cache.Keys(layer).narrow(0, 0, key.shape[0]).select(2, _filled).copy_(key.squeeze(1));
        _cache.Values(layer).narrow(0, 0, key.shape[0]).select(2, _filled).copy_(value.squeeze(1));
        // What has left the window lies at the front of the cache.
        var begin = Math.Max(0, _filled + 1 - (window ?? int.MaxValue));
        var length = _filled + 1 - begin;
        return _cache.Attend(layer, query, begin, length, Padding().narrow(2, begin, length));
    }

    internal override Tensor AttendStacked(int layer, Tensor stacked, Rotation rotation, ModelConfig config) =>
        Fused.For(stacked) is { } fused
            ? fused.RotaryDecodeAttention(
                stacked, rotation.Cos, rotation.Sin, _cache.Keys(layer), _cache.Values(layer), _starts, _filled, config.WindowOf(layer) ?? 0)
            : base.AttendStacked(layer, stacked, rotation, config);

    /// <summary>A whole block of a Llama, in one operator and in place.</summary>
    /// <param name="fused">Takes <paramref name="x"/>.</param>
    /// <param name="layer">Index of the layer.</param>
    /// <param name="x">[rows, 1, hidden].</param>
    /// <param name="weights">The block's.</param>
    /// <param name="table">Of every position: [more than the filled places, rotated].</param>
    /// <param name="config">The model's shape.</param>
    public void Block(IFusedKernels fused, int layer, Tensor x, BlockWeights weights, Rotation table, ModelConfig config) => fused.DecodeBlock(
        x, weights, config.NormEpsilon, table.Cos, table.Sin, _cache.Keys(layer), _cache.Values(layer), _starts, _filled, config.WindowOf(layer) ?? 0);

    /// <summary>Which places of the cache are padding: [rows, 1, filled + 1]. All layers of the step share it.</summary>
    private Tensor Padding() => _padding ??=
        (arange(_filled + 1, ScalarType.Int64, _starts.device).unsqueeze(0) < _starts.unsqueeze(1)).unsqueeze(1).MoveToOtherDisposeScope(Positions);
}
