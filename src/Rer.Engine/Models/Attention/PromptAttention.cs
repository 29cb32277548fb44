using Rer.Engine.Kernels;
using static TorchSharp.torch;

namespace Rer.Engine.Models.Attention;

/// <summary>The first pass of a generation: attends within the prompts and leaves their keys and values in the cache.</summary>
/// <param name="cache">Where keys and values go, from its first token on.</param>
/// <param name="firstRow">Row of the cache that the batch's first sequence has.</param>
/// <param name="attentionMask">[rows, tokens], 0 on the padding at the left.</param>
internal sealed class PromptAttention(KeyValueCache cache, long firstRow, Tensor attentionMask) : FullAttention(attentionMask)
{
    private readonly long _rows = attentionMask.shape[0];

    internal override KeyValues? Kept(int layer) =>
        new(cache.Layer(layer).Keys.narrow(0, firstRow, _rows), cache.Layer(layer).Values.narrow(0, firstRow, _rows));
}
