using Rer.Engine.Input;

namespace Rer.Engine.Tokenizers.SentencePiece;

/// <summary>The pieces of a model, looked up every way that splitting needs.</summary>
internal sealed class PieceTable
{
    private readonly Dictionary<string, int> _normal = [];
    private readonly Dictionary<string, int> _reserved = [];
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _normalBySpan;

    /// <summary>The table of <paramref name="model"/>.</summary>
    /// <exception cref="InvalidDataException">Two pieces are the same, or there is not exactly one unknown piece.</exception>
    public PieceTable(SentencePieceFile model)
    {
        Pieces = model.Pieces;
        UnknownId = -1;
        for (var id = 0; id < Pieces.Count; id++)
        {
            var (text, _, type) = Pieces[id];
            var normal = type is PieceType.Normal or PieceType.UserDefined or PieceType.Unused;
            if (!(normal ? _normal : _reserved).TryAdd(text, id))
                throw new InvalidDataException($"{model.File}: piece {id}, '{Excerpt.Of(text)}', is there twice.");
            if (type == PieceType.UserDefined) UserDefined.Add(text, id);
            if (type != PieceType.Unknown) continue;
            if (UnknownId >= 0) throw new InvalidDataException($"{model.File}: pieces {UnknownId} and {id} are both the unknown piece.");
            UnknownId = id;
        }
        if (UnknownId < 0) throw new InvalidDataException($"{model.File}: there is no unknown piece.");
        _normalBySpan = _normal.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>All pieces, by id.</summary>
    public IReadOnlyList<Piece> Pieces { get; }

    /// <summary>The piece for what no other covers.</summary>
    public int UnknownId { get; }

    /// <summary>The pieces that are always taken whole.</summary>
    public PieceTrie UserDefined { get; } = new();

    /// <summary>The pieces that text can be made of: normal, user-defined and unused ones.</summary>
    public IEnumerable<KeyValuePair<string, int>> Normal => _normal;

    /// <summary>Whether text can be made of <paramref name="piece"/>; its id.</summary>
    public bool TryGetNormal(ReadOnlySpan<char> piece, out int id) => _normalBySpan.TryGetValue(piece, out id);

    /// <summary>The id of a piece of any type, or null.</summary>
    public int? IdOf(string piece) =>
        _reserved.TryGetValue(piece, out var id) || _normal.TryGetValue(piece, out id) ? id : null;

    /// <summary>The id of a control piece, or null.</summary>
    public int? ControlId(string piece) =>
        _reserved.TryGetValue(piece, out var id) && Pieces[id].Type == PieceType.Control ? id : null;
}

/// <summary>One entry of a SentencePiece vocabulary; its id is its index.</summary>
/// <param name="Text">How it is written, with U+2581 for a space.</param>
/// <param name="Score">Log-probability (unigram), or minus the merge's rank (BPE).</param>
/// <param name="Type">What it is for.</param>
internal readonly record struct Piece(string Text, float Score, PieceType Type);
