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

    /// <summary>Tokens of the longest sequence at most: every position is below it.</summary>
    public abstract long Length { get; }

    /// <summary>Scaled dot-product attention (Vaswani et al. 2017) over what each token may see.</summary>
    /// <param name="layer">Index of the layer.</param>
    /// <param name="query">[batch, tokens, heads, head size].</param>
    /// <param name="key">[batch, tokens, key-value heads, head size].</param>
    /// <param name="value">As <paramref name="key"/>.</param>
    /// <param name="window">A token sees this many tokens, itself included; null sees all.</param>
    /// <returns>[batch, tokens, heads · head size].</returns>
    public abstract Tensor Attend(int layer, Tensor query, Tensor key, Tensor value, int? window);

    /// <summary>The same for query, key and value side by side, as one projection gives them, not yet rotated.</summary>
    /// <param name="layer">Index of the layer.</param>
    /// <param name="stacked">[batch, tokens, (heads + 2 key-value heads) · head size].</param>
    /// <param name="rotation">Of the batch's positions.</param>
    /// <param name="config">The model's shape.</param>
    /// <returns>[batch, tokens, heads · head size].</returns>
    internal virtual Tensor AttendStacked(int layer, Tensor stacked, Rotation rotation, ModelConfig config)
    {
        // Query and key heads turn alike, so they turn together.
        var (batch, tokens, turning) = (stacked.shape[0], stacked.shape[1], config.Heads + config.KeyValueHeads);
        var parts = stacked.view(batch, tokens, turning + config.KeyValueHeads, config.HeadSize).split([turning, config.KeyValueHeads], 2);
        var turned = rotation.Apply(parts[0]).split([config.Heads, config.KeyValueHeads], 2);
        return Attend(layer, turned[0], turned[1], parts[1], config.WindowOf(layer));
    }

    /// <summary>The tokens at some places, [batch, places, ..] of [batch, tokens, ..]; all where <paramref name="places"/> is null.</summary>
    internal static Tensor At(Tensor? places, Tensor x) => places is null ? x : x.index_select(1, places);

    /// <summary>Query [batch, tokens, heads, head size], key and value [batch, tokens, key-value heads, head size].</summary>
    internal static (Tensor Query, Tensor Key, Tensor Value) Split(Tensor stacked, ModelConfig config)
    {
        var (batch, tokens, size) = (stacked.shape[0], stacked.shape[1], config.HeadSize);
        var (query, key) = (config.Heads * size, config.KeyValueHeads * size);
        var parts = stacked.split([query, key, key], -1);
        Tensor Heads(Tensor part, int heads) => part.view(batch, tokens, heads, size);
        return (Heads(parts[0], config.Heads), Heads(parts[1], config.KeyValueHeads), Heads(parts[2], config.KeyValueHeads));
    }
}
