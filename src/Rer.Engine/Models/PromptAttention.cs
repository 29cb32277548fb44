using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>The first pass of a generation: attends within the prompts and leaves their keys and values in the cache.</summary>
/// <param name="cache">Where keys and values go, from its first token on.</param>
/// <param name="firstRow">Row of the cache that the batch's first sequence has.</param>
/// <param name="attentionMask">[rows, tokens], 0 on the padding at the left.</param>
internal sealed class PromptAttention(KeyValueCache cache, long firstRow, Tensor attentionMask) : Attention
{
    private readonly FullAttention _within = new(attentionMask);

    public override Tensor Positions => _within.Positions;

    public override long Length => _within.Length;

    public override Tensor Attend(int layer, Tensor query, Tensor key, Tensor value, int? window)
    {
        var (rows, tokens) = (key.shape[0], key.shape[1]);
        cache.Keys(layer).narrow(0, firstRow, rows).narrow(2, 0, tokens).copy_(key.transpose(1, 2));
        cache.Values(layer).narrow(0, firstRow, rows).narrow(2, 0, tokens).copy_(value.transpose(1, 2));
        return _within.Attend(layer, query, key, value, window);
    }
}
