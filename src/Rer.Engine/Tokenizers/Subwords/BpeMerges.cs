using System.Text;
using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Tokenizers.Subwords;

/// <summary>The merges of a BPE model, applied to a word in n log n of its length, whatever it holds.</summary>
/// <remarks>For what <see cref="BpeModel"/> does not give the library: very long words, and characters that are spelt in bytes.</remarks>
internal sealed class BpeMerges
{
    private readonly Vocabulary _vocabulary;
    private readonly BpeOptions _options;
    private readonly Lazy<Dictionary<long, (int Rank, int Id)>> _merges;
    private readonly int[] _bytePieces;
    private readonly int? _unknownId;

    /// <summary>The merges in order of rank; every part and result is in the vocabulary, and so is the unknown token.</summary>
    public BpeMerges(Vocabulary vocabulary, IReadOnlyList<(string Left, string Right)> merges, BpeOptions options)
    {
        (_vocabulary, _options, _bytePieces) = (vocabulary, options, vocabulary.BytePieces());
        if (options.UnknownToken is { Length: > 0 } unknown) _unknownId = vocabulary.IdOf(unknown);
        // Most texts need no table, only whether they need one.
        _merges = new(() => Table(merges));
    }

    /// <summary>Adds the tokens of a word.</summary>
    public void Tokenize(ReadOnlySpan<char> word, TokenList output)
    {
        var symbols = new BpeWord(word.Length);
        AddCharacters(word, ref symbols);
        symbols.Merge(_merges.Value);
        symbols.CopyTo(output);
    }

    /// <summary>Whether a character of the word is not in the vocabulary at its place.</summary>
    public bool HasUnknown(ReadOnlySpan<char> word)
    {
        for (var at = 0; at < word.Length;)
        {
            CodePoint.At(word, at, out var length);
            if (!_vocabulary.TryGetId(Symbol(word.Slice(at, length), at == 0, at + length == word.Length), out _)) return true;
            at += length;
        }

        return false;
    }

    /// <summary>The key of a pair of ids in the table of merges.</summary>
    internal static long Pair(int left, int right) => (long)left << 32 | (uint)right;

    private Dictionary<long, (int Rank, int Id)> Table(IReadOnlyList<(string Left, string Right)> merges)
    {
        var prefixLength = _options.ContinuingPrefix?.Length ?? 0;
        var table = new Dictionary<long, (int, int)>(merges.Count);
        for (var rank = 0; rank < merges.Count; rank++)
        {
            var (left, right) = merges[rank];
            table[Pair(Id(left), Id(right))] = (rank, Id(string.Concat(left, right.AsSpan(prefixLength))));
        }

        return table;

        int Id(string token) => _vocabulary.IdOf(token)!.Value;
    }

    private void AddCharacters(ReadOnlySpan<char> word, ref BpeWord symbols)
    {
        int? unknown = null;
        Span<byte> bytes = stackalloc byte[4];
        for (var at = 0; at < word.Length;)
        {
            CodePoint.At(word, at, out var length);
            var symbol = Symbol(word.Slice(at, length), at == 0, at + length == word.Length);
            if (_vocabulary.TryGetId(symbol, out var id))
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
