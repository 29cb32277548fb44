using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>
/// What attention knows about a batch: at which position each token stands, which tokens see which, and where keys and
/// values are kept. One object serves all layers of one forward pass; its tensors belong to the dispose scope it was
/// created in.
/// </summary>
public abstract class Attention
{
    /// <summary>Position of each token, [batch, tokens], or [1, tokens] where all rows have the same; int64; 0 on padding.</summary>
    public abstract Tensor Positions { get; }

    /// <summary>Scaled dot-product attention (Vaswani et al. 2017) over what each token may see.</summary>
    /// <param name="layer">Index of the layer.</param>
    /// <param name="query">[batch, tokens, heads, head size].</param>
    /// <param name="key">[batch, tokens, key-value heads, head size].</param>
    /// <param name="value">As <paramref name="key"/>.</param>
    /// <param name="window">A token sees this many tokens, itself included; null sees all.</param>
    /// <returns>[batch, tokens, heads · head size].</returns>
    public abstract Tensor Attend(int layer, Tensor query, Tensor key, Tensor value, int? window);
}
