using System.Text;
using Rer.Engine.Tokenizers.Subwords;

namespace Rer.Engine.Tokenizers.SentencePiece;

/// <summary>SentencePiece's unigram model.</summary>
/// <remarks>As EncodeOptimized of SentencePiece 0.1.97 computes it, single-precision sums included.</remarks>
internal sealed class UnigramSegmenter : IPieceSegmenter
{
    private const float SmallestNormal = 1.17549435e-38f;

    private readonly UnigramLattice _lattice;

    /// <summary>A segmenter over the pieces of <paramref name="table"/>.</summary>
    public UnigramSegmenter(PieceTable table)
    {
        var normal = table.Pieces.Where(piece => piece.Type == PieceType.Normal).Select(piece => piece.Score).ToList();
        var lowest = normal.Append(float.MaxValue).Min();
        var highest = normal.Append(SmallestNormal).Max();
        var scores = table.Pieces.Select(piece => piece.Type == PieceType.UserDefined
            // A user-defined piece is to win over any other split of its text.
            ? Encoding.UTF8.GetByteCount(piece.Text) * highest - 0.1
            : piece.Score).ToArray();
        _lattice = new UnigramLattice(
            table.Normal.Where(piece => table.Pieces[piece.Value].Type != PieceType.Unused),
            scores, table.UnknownId, lowest - (float)UnigramLattice.UnknownPenalty, true);
    }

    /// <inheritdoc/>
    public void Segment(string text, List<(int Start, int End, int Id)> output) => _lattice.Segment(text, output);
}
