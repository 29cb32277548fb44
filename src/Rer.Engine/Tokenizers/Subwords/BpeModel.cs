using System.Text;
using Rer.Engine.Input;
using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Tokenizers.Subwords;

/// <summary>Byte-pair encoding: starts from characters, joins the neighbours whose merge was learnt first, until none is left.</summary>
/// <remarks>Sennrich et al. 2016, arXiv 1508.07909; the order of merges is that of Hugging Face's tokenizers.</remarks>
internal sealed class BpeModel : ISubwordModel
{
    private readonly BpeOptions _options;
    private readonly Dictionary<long, (int Rank, int Id)> _merges;
    private readonly int[] _bytePieces;
    private readonly int? _unknownId;

    /// <summary>A model of a vocabulary and its merges in order of rank.</summary>
    /// <exception cref="FormatException">A merge's part or result, or the unknown token, is not in the vocabulary.</exception>
    public BpeModel(Vocabulary vocabulary, IReadOnlyList<(string Left, string Right)> merges, BpeOptions options)
    {
        Vocabulary = vocabulary;
        _options = options;
        _bytePieces = vocabulary.BytePieces();
        if (options.UnknownToken is { Length: > 0 } unknown)
            _unknownId = vocabulary.IdOf(unknown)
                ?? throw new FormatException($"unk_token '{Excerpt.Of(unknown)}' is not in the vocabulary.");
        _merges = new Dictionary<long, (int, int)>(merges.Count);
        var prefixLength = options.ContinuingPrefix?.Length ?? 0;
        for (var rank = 0; rank < merges.Count; rank++)
        {
            var (left, right) = merges[rank];
            var pair = Pair(Id(left, rank), Id(right, rank));
            if (right.Length < prefixLength)
                throw new FormatException($"merges[{rank}]: '{Excerpt.Of(right)}' lacks the continuing prefix.");
            _merges[pair] = (rank, Id(string.Concat(left, right.AsSpan(prefixLength)), rank));
        }

        int Id(string token, int rank) => vocabulary.IdOf(token)
            ?? throw new FormatException($"merges[{rank}]: '{Excerpt.Of(token)}' is not in the vocabulary.");
    }

    /// <inheritdoc/>
    public Vocabulary Vocabulary { get; }

    /// <summary>Whether a text may be given in the words of <see cref="MarkedWords"/> as well as whole.</summary>
    public bool MayCut => _options is { IgnoreMerges: false, ContinuingPrefix: null or "", EndOfWordSuffix: null or "" }
        && MarkedWords.MayCut(Vocabulary.Tokens);

    /// <inheritdoc/>
    public void Tokenize(ReadOnlySpan<char> word, TokenList output)
    {
        if (word.Length == 0) return;
        if (_options.IgnoreMerges && Vocabulary.TryGetId(word, out var whole))
        {
            output.Add(whole);
            return;
        }
        var symbols = new BpeWord(word.Length);
        AddCharacters(word, ref symbols);
        symbols.Merge(_merges);
        symbols.CopyTo(output);
    }

    /// <summary>The key of a pair of ids in the table of merges.</summary>
    internal static long Pair(int left, int right) => (long)left << 32 | (uint)right;

    private void AddCharacters(ReadOnlySpan<char> word, ref BpeWord symbols)
    {
        int? unknown = null;
        Span<byte> bytes = stackalloc byte[4];
        for (var at = 0; at < word.Length;)
        {
            CodePoint.At(word, at, out var length);
            var symbol = Symbol(word.Slice(at, length), at == 0, at + length == word.Length);
            if (Vocabulary.TryGetId(symbol, out var id))
            {
                if (unknown is { } pending) symbols.Add(pending);
                unknown = null;
                symbols.Add(id);
            }
            else if (!_options.ByteFallback || !AddBytes(symbol, bytes, ref symbols))
            {
                // An unknown character waits for the next known one, so that its neighbours can join it. The reference does not
                // let go of it before byte pieces either.
                if (unknown is { } previous && !_options.FuseUnknown) symbols.Add(previous);
                unknown = _unknownId;
            }
            at += length;
        }
        if (unknown is { } last) symbols.Add(last);
    }

    /// <summary>A character as the vocabulary writes it at its place in a word.</summary>
    private ReadOnlySpan<char> Symbol(ReadOnlySpan<char> character, bool first, bool last)
    {
        var prefix = first ? "" : _options.ContinuingPrefix ?? "";
        var suffix = last ? _options.EndOfWordSuffix ?? "" : "";
        return prefix.Length == 0 && suffix.Length == 0 ? character : string.Concat(prefix, character, suffix);
    }

    private bool AddBytes(ReadOnlySpan<char> symbol, Span<byte> bytes, ref BpeWord symbols)
    {
        // A mark of the word's end or middle is spelt in bytes along with its character, as the reference does it.
        if (Encoding.UTF8.GetByteCount(symbol) is var needed && needed > bytes.Length) bytes = new byte[needed];
        var count = Encoding.UTF8.GetBytes(symbol, bytes);
        foreach (var value in bytes[..count])
            if (_bytePieces[value] < 0) return false;
        foreach (var value in bytes[..count]) symbols.Add(_bytePieces[value]);
        return true;
    }
}
