using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Rer.Engine.Tokenizers.AddedTokens;
using Rer.Engine.Tokenizers.PostProcessors;
using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Tokenizers.SentencePiece;

/// <summary>A tokenizer out of a SentencePiece <c>.model</c> file.</summary>
/// <remarks>
/// Equal, id for id, to SentencePiece 0.1.97. Control pieces (<c>&lt;s&gt;</c>) written in a text are plain characters to it; only
/// tokens that the folder's other files add are looked for in the text.
/// </remarks>
internal sealed class SentencePieceTokenizer : ITokenizer
{
    private const char Marker = '\u2581';

    private readonly SentencePieceFile _model;
    private readonly PieceTable _table;
    private readonly SentencePieceNormalizer _normalizer;
    private readonly IPieceSegmenter _segmenter;
    private readonly AddedVocabulary _added;
    private readonly bool _prefixEachStretch;
    private readonly int[] _byteIds;
    private readonly int[] _prefix;
    private readonly int[] _suffix;

    /// <summary>A tokenizer out of <paramref name="model"/>.</summary>
    /// <param name="model">The model file.</param>
    /// <param name="options">What the folder's other files say.</param>
    /// <exception cref="InvalidDataException">The model is broken.</exception>
    public SentencePieceTokenizer(SentencePieceFile model, SentencePieceOptions options)
    {
        _model = model;
        _table = new PieceTable(model);
        _normalizer = new SentencePieceNormalizer(model, _table.UserDefined);
        _segmenter = model.IsBpe ? new BpeSegmenter(_table) : new UnigramSegmenter(_table);
        _added = new AddedVocabulary(options.AddedTokens, null);
        _prefixEachStretch = options.PrefixEachStretch;
        _byteIds = Enumerable.Range(0, 256).Select(b => _table.IdOf($"<0x{b:X2}>") ?? _table.UnknownId).ToArray();
        VocabularySize = Math.Max(_table.Pieces.Count, _added.Size);
        BosId = options.Special.Bos.Resolve(TokenToId) ?? _table.ControlId(model.BosPiece);
        EosId = options.Special.Eos.Resolve(TokenToId) ?? _table.ControlId(model.EosPiece);
        PadId = options.Special.Pad.Resolve(TokenToId) ?? _table.ControlId(model.PadPiece);
        _prefix = options.AddBos && BosId is { } bos ? [bos] : [];
        _suffix = options.AddEos && EosId is { } eos ? [eos] : [];
    }

    /// <inheritdoc/>
    public int VocabularySize { get; }

    /// <inheritdoc/>
    public int? BosId { get; }

    /// <inheritdoc/>
    public int? EosId { get; }

    /// <inheritdoc/>
    public int? PadId { get; }

    /// <inheritdoc/>
    public int[] Encode(string text, bool addSpecialTokens = true)
    {
        var tokens = Gather(text).Ids;
        return addSpecialTokens ? [.. _prefix, .. tokens, .. _suffix] : tokens.ToArray();
    }

    /// <inheritdoc/>
    public EncodedPair EncodePair(string text, string pair, bool addSpecialTokens = true)
    {
        var sequence = new EncodedSequence();
        Add(text, 0);
        Add(pair, 1);
        return sequence.ToPair();

        void Add(string part, int typeId)
        {
            if (addSpecialTokens) foreach (var id in _prefix) sequence.AddSpecial(id, typeId);
            sequence.AddText(Gather(part).Ids, typeId);
            if (addSpecialTokens) foreach (var id in _suffix) sequence.AddSpecial(id, typeId);
        }
    }

    /// <inheritdoc/>
    public string[] Tokenize(string text) => Gather(text).Literals.ToArray();

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = true)
    {
        var text = new StringBuilder();
        var bytes = new List<byte>();
        var atStart = true;
        foreach (var id in ids)
        {
            if (ByteOf(id) is { } value)
            {
                bytes.Add(value);
                continue;
            }
            FlushBytes(bytes, text);
            atStart &= text.Length == 0;
            var surface = Surface(id, skipSpecialTokens);
            if (atStart && surface.StartsWith(Marker) && (_model.AddDummyPrefix || _model.RemoveExtraWhitespaces))
            {
                surface = surface[1..];
                // Where spaces are tidied, every marker up to the first text goes.
                atStart = _model.RemoveExtraWhitespaces;
            }
            text.Append(surface.Replace(Marker, ' '));
        }
        FlushBytes(bytes, text);
        return text.ToString();
    }

    /// <inheritdoc/>
    public int? TokenToId(string token) => _added.IdOf(token) ?? _table.IdOf(token);

    /// <inheritdoc/>
    public string? IdToToken(int id) =>
        _added.TokenOf(id) ?? ((uint)id < (uint)_table.Pieces.Count ? _table.Pieces[id].Text : null);

    private TokenList Gather(string text)
    {
        text = CodePoint.ReplaceLoneSurrogates(text);
        var tokens = new TokenList(IdToToken);
        _added.InText.Split(text, (token, start, end) =>
        {
            if (token is not null) tokens.Add(token.Id, text.AsSpan(start, end - start));
            else GatherText(text[start..end], start == 0 || _prefixEachStretch, tokens);
        });
        return tokens;
    }

    private void GatherText(string text, bool opensText, TokenList tokens)
    {
        var normal = _normalizer.Normalize(text, opensText);
        var pieces = new List<(int Start, int End, int Id)>();
        _segmenter.Segment(normal, pieces);
        for (var i = 0; i < pieces.Count; i++)
        {
            var (start, end, id) = pieces[i];
            if (id != _table.UnknownId)
            {
                tokens.Add(id, normal.AsSpan(start, end - start));
            }
            else if (_model.ByteFallback)
            {
                foreach (var value in Encoding.UTF8.GetBytes(normal[start..end])) tokens.Add(_byteIds[value]);
            }
            else
            {
                // Neighbouring unknown pieces are one.
                while (i + 1 < pieces.Count && pieces[i + 1].Id == id) end = pieces[++i].End;
                tokens.Add(id, normal.AsSpan(start, end - start));
            }
        }
    }

    private string Surface(int id, bool skipSpecialTokens)
    {
        if (_added.TokenOf(id) is { } added) return skipSpecialTokens && _added.IsSpecial(added) ? "" : added;
        if ((uint)id >= (uint)_table.Pieces.Count) return "";
        var (text, _, type) = _table.Pieces[id];
        return type switch
        {
            PieceType.Control => skipSpecialTokens ? "" : text,
            PieceType.Unknown => _model.UnknownSurface,
            _ => text,
        };
    }

    private byte? ByteOf(int id) =>
        (uint)id < (uint)_table.Pieces.Count && _table.Pieces[id] is { Type: PieceType.Byte, Text: { Length: 6 } text }
        && byte.TryParse(text.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, null, out var value) ? value : null;

    /// <summary>Writes pending bytes as UTF-8; each byte that belongs to no character shows as U+FFFD.</summary>
    private static void FlushBytes(List<byte> bytes, StringBuilder text)
    {
        var rest = (ReadOnlySpan<byte>)CollectionsMarshal.AsSpan(bytes);
        while (!rest.IsEmpty)
        {
            var valid = Rune.DecodeFromUtf8(rest, out var rune, out var length) == System.Buffers.OperationStatus.Done;
            text.Append(rune);
            rest = rest[(valid ? length : 1)..];
        }
        bytes.Clear();
    }
}
