using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Tokenizers.Subwords;

/// <summary>Finds the split of a text whose pieces have the highest sum of log-probabilities (Viterbi).</summary>
/// <remarks>Kudo 2018, arXiv 1804.10959.</remarks>
internal sealed class UnigramLattice
{
    /// <summary>How far below the least probable piece a character lies that no piece covers.</summary>
    public const double UnknownPenalty = 10;

    private readonly PieceTrie _trie = new();
    private readonly double[] _scores;
    private readonly int _unknownId;
    private readonly double _unknownScore;
    private readonly bool _singlePrecision;

    /// <summary>A lattice over pieces.</summary>
    /// <param name="pieces">The pieces that a text can be made of, and their ids.</param>
    /// <param name="scores">Log-probabilities by id.</param>
    /// <param name="unknownId">The id of a character that no piece covers.</param>
    /// <param name="unknownScore">Its log-probability.</param>
    /// <param name="singlePrecision">Round each sum to single precision, as SentencePiece does.</param>
    public UnigramLattice(
        IEnumerable<KeyValuePair<string, int>> pieces, double[] scores, int unknownId, double unknownScore, bool singlePrecision)
    {
        foreach (var (piece, id) in pieces)
            if (piece.Length > 0) _trie.Add(piece, id);
        _scores = scores;
        _unknownId = unknownId;
        _unknownScore = unknownScore;
        _singlePrecision = singlePrecision;
    }

    /// <summary>Adds the pieces of the best split to <paramref name="output"/>; of equal splits the one found first.</summary>
    public void Segment(ReadOnlySpan<char> text, List<(int Start, int End, int Id)> output)
    {
        // The best way to each place: its score, and the last piece on it.
        var best = new (double Score, int Start, int Id)[text.Length + 1];
        for (var end = 1; end <= text.Length; end++) best[end].Start = -1;
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
                Offer(ref best[end], start, id, best[start].Score + _scores[id]);
                covered |= end - start == character;
            }
            // SentencePiece compares the sum of an unknown character as rounded, that of a piece before it is rounded.
            if (!covered) Offer(ref best[start + character], start, _unknownId, Round(best[start].Score + _unknownScore));
            start += character;
        }
        var first = output.Count;
        for (var end = text.Length; end > 0; end = best[end].Start) output.Add((best[end].Start, end, best[end].Id));
        output.Reverse(first, output.Count - first);
    }

    private void Offer(ref (double Score, int Start, int Id) best, int start, int id, double score)
    {
        if (best.Start < 0 || score > best.Score) best = (Round(score), start, id);
    }

    private double Round(double score) => _singlePrecision ? (float)score : score;
}
