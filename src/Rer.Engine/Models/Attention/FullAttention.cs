using Rer.Engine.Kernels;
using static TorchSharp.torch;

namespace Rer.Engine.Models.Attention;

/// <summary>Causal attention within the sequences of the batch itself: training, scoring, and the prompt of a generation.</summary>
internal class FullAttention : SelfAttention
{
    /// <param name="attentionMask">
    /// [batch, tokens], 1 on tokens and 0 on padding, which may stand left or right. Positions count the tokens before.
    /// </param>
    /// <param name="positions">Positions to use in place of those, [batch, tokens], int64.</param>
    public FullAttention(Tensor attentionMask, Tensor? positions = null)
    {
        Length = positions is null ? attentionMask.shape[1] : positions.max().item<long>() + 1;
        Positions = positions ?? (attentionMask.cumsum(1) - 1).clamp_(min: 0).to(ScalarType.Int64);
        Layout = SequenceLayout.Rows(Positions, attentionMask);
    }

    /// <param name="tokens">Tokens in each sequence; there is no padding.</param>
    /// <param name="device">Where the forward pass runs.</param>
    public FullAttention(long tokens, Device device)
    {
        (Length, Positions) = (tokens, arange(tokens, ScalarType.Int64, device).unsqueeze(0));
        Layout = SequenceLayout.Rows(Positions, mask: null);
    }

    private protected FullAttention(IReadOnlyList<int> lengths, Tensor positions)
    {
        (Length, Positions) = (lengths.Max(), positions);
        Layout = SequenceLayout.EndToEnd(positions, lengths);
    }

    /// <inheritdoc/>
    public override Tensor Positions { get; }

    /// <inheritdoc/>
    public override long Length { get; }

    /// <summary>Where the sequences lie.</summary>
    internal SequenceLayout Layout { get; }

    /// <summary>Where rotated keys and values of a layer go besides; null where nothing keeps them.</summary>
    internal virtual KeyValues? Kept(int layer) => null;

    internal override Tensor Attend(IKernels kernels, int layer, Tensor stacked, HeadShape heads, Rotation? rotation) =>
        kernels.Attend(stacked, heads, rotation, Layout, Kept(layer));
}
