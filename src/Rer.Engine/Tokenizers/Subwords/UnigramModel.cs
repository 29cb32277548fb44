using System.Text;
using Rer.Engine.Input;

namespace Rer.Engine.Tokenizers.Subwords;

/// <summary>A unigram model: the most probable split of a word into pieces.</summary>
internal sealed class UnigramModel : ISubwordModel
{
    private readonly UnigramLattice _lattice;
    private readonly int _unknownId;
    private readonly int[]? _bytePieces;
    private readonly string _place;

    /// <summary>A model of pieces and their log-probabilities; a piece's id is its index.</summary>
    /// <exception cref="FormatException">There are no pieces, or the unknown piece's id is not among them.</exception>
    public UnigramModel(IReadOnlyList<(string Piece, double Score)> pieces, int? unknownId, bool byteFallback, string place)
    {
        _place = place;
        if (pieces.Count == 0) throw new FormatException("the vocabulary is empty");
        _unknownId = unknownId ?? -1;
        if (_unknownId >= pieces.Count) throw new FormatException($"unk_id {unknownId} is not below the {pieces.Count} pieces");
        var ids = new Dictionary<string, int>(pieces.Count);
        for (var id = 0; id < pieces.Count; id++) ids[pieces[id].Piece] = id;
        Vocabulary = new Vocabulary(ids, pieces.Select(piece => piece.Piece).ToArray());
        var scores = pieces.Select(piece => piece.Score).ToArray();
        _lattice = new UnigramLattice(ids, scores, _unknownId, scores.Min() - UnigramLattice.UnknownPenalty, false);
        _bytePieces = byteFallback ? Vocabulary.BytePieces() : null;
    }

    /// <inheritdoc/>
    public Vocabulary Vocabulary { get; }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">No piece covers a character, and there is no unknown piece.</exception>
    public void Tokenize(ReadOnlySpan<char> word, TokenList output)
    {
        var pieces = new List<(int Start, int End, int Id)>();
        _lattice.Segment(word, pieces);
        for (var i = 0; i < pieces.Count; i++)
        {
            var (start, end, id) = pieces[i];
            // Neighbouring unknown pieces are one.
            while (id == _unknownId && i + 1 < pieces.Count && pieces[i + 1].Id == id) end = pieces[++i].End;
            var piece = word[start..end];
            if (Vocabulary.TryGetId(piece, out var known)) output.Add(known, piece);
            else if (!AddBytes(piece, output)) AddUnknown(piece, output);
        }
    }

    private bool AddBytes(ReadOnlySpan<char> piece, TokenList output)
    {
        if (_bytePieces is null) return false;
        var bytes = new byte[Encoding.UTF8.GetByteCount(piece)];
        Encoding.UTF8.GetBytes(piece, bytes);
        if (bytes.Any(value => _bytePieces[value] < 0)) return false;
        foreach (var value in bytes) output.Add(_bytePieces[value]);
        return true;
    }

    private void AddUnknown(ReadOnlySpan<char> piece, TokenList output)
    {
        if (_unknownId < 0)
            throw new InvalidDataException($"{_place}: the vocabulary does not cover '{Excerpt.Of(piece)}', and there is no unk_id.");
        output.Add(_unknownId, piece);
    }
}
