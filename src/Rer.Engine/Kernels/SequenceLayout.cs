using Rer.Engine.Models.Attention;
using static TorchSharp.torch;

namespace Rer.Engine.Kernels;

/// <summary>
/// How the sequences of a pass lie in its batch: one per row, with padding where a mask says so, or all end to end in a single row.
/// One object serves all layers of a pass; what it works out for operators is kept in the scope that its positions belong to.
/// </summary>
internal sealed class SequenceLayout
{
    private readonly Tensor _positions;
    private readonly Dictionary<int, Tensor> _seen = [];
    private Tensor? _padded;

    private SequenceLayout(Tensor positions, Tensor? mask, IReadOnlyList<int>? lengths) =>
        (_positions, Mask, Lengths) = (positions, mask, lengths);

    /// <summary>Every row of the batch is a sequence.</summary>
    /// <param name="positions">[batch or 1, tokens], int64.</param>
    /// <param name="mask">[batch, tokens], 0 on padding; null where there is none.</param>
    public static SequenceLayout Rows(Tensor positions, Tensor? mask) => new(positions, mask, null);

    /// <summary>Sequences laid end to end in one row.</summary>
    /// <param name="positions">[1, tokens], int64.</param>
    /// <param name="lengths">Tokens in each sequence.</param>
    public static SequenceLayout EndToEnd(Tensor positions, IReadOnlyList<int> lengths) => new(positions, null, lengths);

    /// <summary>[batch, tokens], 0 on padding; null where there is none.</summary>
    public Tensor? Mask { get; }

    /// <summary>Tokens in each sequence where they lie end to end in one row; null where each row is a sequence.</summary>
    public IReadOnlyList<int>? Lengths { get; }

    /// <summary>
    /// [1, tokens, width] of sequences end to end becomes [sequences, longest, width]; what is padded is zero, and stands behind.
    /// </summary>
    public Tensor Spread(Tensor x)
    {
        if (Lengths is null) return x;
        var (width, longest) = (x.shape[2], Lengths.Max());
        if (Padded is { } positions)
            x = zeros([(long)Lengths.Count * longest, width], x.dtype, x.device).index_copy(0, positions, x.squeeze(0));
        return x.reshape(Lengths.Count, longest, width);
    }

    /// <summary>Undoes <see cref="Spread(Tensor)"/>: [sequences, longest, width] to [1, tokens, width].</summary>
    public Tensor Gather(Tensor x)
    {
        if (Lengths is null) return x;
        var flat = x.reshape(x.shape[0] * x.shape[1], -1);
        return (Padded is { } positions ? flat.index_select(0, positions) : flat).unsqueeze(0);
    }

    /// <summary>The rotation of spread sequences: that of the longest, which stands at every position that any of them stands at.</summary>
    public Rotation Spread(Rotation rotation)
    {
        if (Lengths is null) return rotation;
        var longest = Lengths.Max();
        var begin = Lengths.TakeWhile(length => length < longest).Sum();
        return new Rotation(rotation.Cos.narrow(1, begin, longest), rotation.Sin.narrow(1, begin, longest));
    }

    /// <summary>Which tokens of a sequence a token may see: [batch or 1, 1, tokens, tokens]; null where plain causality tells.</summary>
    /// <param name="tokens">Tokens in a (spread) sequence.</param>
    /// <param name="window">As <see cref="HeadShape.Window"/>.</param>
    public Tensor? Seen(long tokens, int? window)
    {
        if (Mask is null && window is null) return null;
        if (_seen.TryGetValue(window ?? 0, out var seen)) return seen;
        var index = arange(tokens, ScalarType.Int64, _positions.device);
        var distance = index.unsqueeze(1) - index.unsqueeze(0);
        seen = distance >= 0;
        if (window is { } width) seen = seen & (distance < width);
        seen = seen.unsqueeze(0);
        // Padding sees itself, so that it sees something: a softmax over nothing is NaN, and NaN spreads.
        if (Mask is { } mask) seen = seen & ((mask != 0).unsqueeze(1) | (distance == 0));
        return _seen[window ?? 0] = Keep(seen.unsqueeze(1));
    }

    /// <summary>Where each token of sequences end to end goes when they are spread; null where all are of one length.</summary>
    private Tensor? Padded
    {
        get
        {
            if (_padded is not null || Lengths is null) return _padded;
            var longest = Lengths.Max();
            if (Lengths.All(length => length == longest)) return null;
            var positions =
                Lengths.SelectMany((length, row) => Enumerable.Range(0, length).Select(t => ((long)row * longest) + t)).ToArray();
            return _padded = Keep(tensor(positions, device: _positions.device));
        }
    }

    // All layers of the pass share it: it must outlive the scope of the one that asked first.
    private Tensor Keep(Tensor made) => made.MoveToOtherDisposeScope(_positions);
}
