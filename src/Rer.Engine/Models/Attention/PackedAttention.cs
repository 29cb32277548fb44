using static TorchSharp.torch;

namespace Rer.Engine.Models.Attention;

/// <summary>
/// Causal attention over sequences laid end to end in one row, `[1, tokens]`: every other layer of the model works on tokens alone and
/// so spends nothing on padding.
/// </summary>
/// <param name="lengths">Tokens in each sequence, in the order they are laid out.</param>
/// <param name="device">Where the forward pass runs.</param>
internal sealed class PackedAttention(IReadOnlyList<int> lengths, Device device) : FullAttention(lengths, PositionsOf(lengths, device))
{
    private static Tensor PositionsOf(IReadOnlyList<int> lengths, Device device) =>
        tensor(lengths.SelectMany(length => Enumerable.Range(0, length).Select(t => (long)t)).ToArray(), device: device).unsqueeze(0);
}
