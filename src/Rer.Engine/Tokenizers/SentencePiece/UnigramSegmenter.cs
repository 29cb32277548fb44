using System.Text;
using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Tokenizers.SentencePiece;

/// <summary>SentencePiece's unigram model: the split whose pieces have the highest sum of log-probabilities (Viterbi).</summary>
/// <remarks>
/// Kudo 2018, arXiv 1804.10959; as EncodeOptimized of SentencePiece 0.1.97 computes it, single-precision sums included.
/// </remarks>
internal sealed class UnigramSegmenter : IPieceSegmenter
{
    private const float UnknownPenalty = 10;

    private readonly PieceTable _table;
    private readonly PieceTrie _trie = new();
    private readonly float _lowestScore = float.MaxValue;
    private readonly float _highestScore = 1.17549435e-38f;

    /// <summary>A segmenter over the pieces of <paramref name="table"/>.</summary>
    public UnigramSegmenter(PieceTable table)
    {
        _table = table;
        foreach (var (piece, id) in table.Normal)
            if (table.Pieces[id].Type != PieceType.Unused) _trie.Add(piece, id);
        foreach (var piece in table.Pieces)
        {
            if (piece.Type != PieceType.Normal) continue;
            _lowestScore = Math.Min(_lowestScore, piece.Score);
            _highestScore = Math.Max(_highestScore, piece.Score);
        }
    }

    /// <inheritdoc/>
    public void Segment(string text, List<(int Start, int End, int Id)> output)
    {
        // The best way to each place: its score, and the last piece on it.
        var scores = new float[text.Length + 1];
        var starts = new int[text.Length + 1];
        var ids = new int[text.Length + 1];
        Array.Fill(starts, -1);
        for (var start = 0; start < text.Length;)
        {
            CodePoint.At(text, start, out var character);
            var covered = false;
            var node = PieceTrie.Root;
            for (var end = start; end < text.Length && _trie.Step(ref node, text[end]);)
            {
                end++;
                var id = _trie.Value(node);
                if (id == PieceTrie.NoValue) continue;
                Offer(start, end, id, Score(id, text.AsSpan(start, end - start)) + scores[start]);
                covered |= end - start == character;
            }
            if (!covered) Offer(start, start + character, _table.UnknownId, _lowestScore - UnknownPenalty + scores[start]);
            start += character;
        }
        var first = output.Count;
        for (var end = text.Length; end > 0; end = starts[end]) output.Add((starts[end], end, ids[end]));
        output.Reverse(first, output.Count - first);

        void Offer(int start, int end, int id, double score)
        {
            if (starts[end] >= 0 && score <= scores[end]) return;
            (starts[end], ids[end], scores[end]) = (start, id, (float)score);
        }
    }

    private double Score(int id, ReadOnlySpan<char> text) => _table.Pieces[id].Type == PieceType.UserDefined
        ? Encoding.UTF8.GetByteCount(text) * _highestScore - 0.1
        : _table.Pieces[id].Score;
}
