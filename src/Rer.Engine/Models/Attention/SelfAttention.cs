using Rer.Engine.Kernels;
using static TorchSharp.torch;

namespace Rer.Engine.Models.Attention;

/// <summary>
/// What attention knows about a batch: at which position each token stands, which tokens see which, and where keys and
/// values are kept. One object serves all layers of one forward pass; its tensors belong to the dispose scope it was
/// created in.
/// </summary>
public abstract class SelfAttention
{
    /// <summary>Position of each token, [batch, tokens], or [1, tokens] where all rows have the same; int64; 0 on padding.</summary>
    public abstract Tensor Positions { get; }

    /// <summary>Tokens of the longest sequence at most: every position is below it.</summary>
    public abstract long Length { get; }

    /// <summary>Scaled dot-product attention (Vaswani et al. 2017) over what each token may see.</summary>
    /// <param name="kernels">What the model computes with.</param>
    /// <param name="layer">Index of the layer.</param>
    /// <param name="stacked">[batch, tokens, (heads + 2 key-value heads) · head size]: query, key and value side by side, not yet
    /// rotated.</param>
    /// <param name="heads">How the last dimension divides.</param>
    /// <param name="rotation">Of the batch's positions; null where there is nothing to rotate.</param>
    /// <returns>[batch, tokens, heads · head size].</returns>
    internal abstract Tensor Attend(IKernels kernels, int layer, Tensor stacked, HeadShape heads, Rotation? rotation);

    /// <summary>
    /// The tokens at some positions, [batch, positions, ..] of [batch, tokens, ..]; all where <paramref name="positions"/> is null.
    /// </summary>
    internal static Tensor At(Tensor? positions, Tensor x) => positions is null ? x : x.index_select(1, positions);
}
