using Rer.Engine.Input;
using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Tokenizers.Subwords;

/// <summary>WordPiece: from the left, always the longest token that fits; a word that does not come out even is unknown.</summary>
/// <remarks>Wu et al. 2016, arXiv 1609.08144, as BERT uses it.</remarks>
internal sealed class WordPieceModel : ISubwordModel
{
    // Trying all ends of a word one after the other takes the cube of its length.
    private const int LongestTried = 100;

    private readonly string _continuingPrefix;
    private readonly int _longestWord;
    private readonly int _unknownId;
    private readonly Lazy<PieceTrie> _trie;

    /// <summary>A model over <paramref name="vocabulary"/>.</summary>
    /// <param name="vocabulary">The tokens; those inside a word carry <paramref name="continuingPrefix"/>.</param>
    /// <param name="unknownToken">Stands for a word that cannot be split.</param>
    /// <param name="continuingPrefix">As a rule <c>##</c>.</param>
    /// <param name="longestWord">Words of more characters are unknown.</param>
    /// <exception cref="FormatException">The unknown token is not in the vocabulary.</exception>
    public WordPieceModel(Vocabulary vocabulary, string unknownToken, string continuingPrefix, int longestWord)
    {
        Vocabulary = vocabulary;
        _continuingPrefix = continuingPrefix;
        _longestWord = longestWord;
        _unknownId = vocabulary.IdOf(unknownToken)
            ?? throw new FormatException($"unk_token '{Excerpt.Of(unknownToken)}' is not in the vocabulary.");
        _trie = new Lazy<PieceTrie>(BuildTrie);
    }

    /// <inheritdoc/>
    public Vocabulary Vocabulary { get; }

    /// <inheritdoc/>
    public void Tokenize(ReadOnlySpan<char> word, TokenList output)
    {
        Span<int> ids = word.Length <= 128 ? stackalloc int[word.Length] : new int[word.Length];
        var count = IsTooLong(word) ? -1 : word.Length <= LongestTried ? Split(word, ids) : SplitLong(word, ids);
        if (count < 0) output.Add(_unknownId);
        else output.AddRange(ids[..count]);
    }

    private bool IsTooLong(ReadOnlySpan<char> word)
    {
        if (word.Length <= _longestWord) return false;
        var characters = 0;
        for (var at = 0; at < word.Length; characters++)
        {
            CodePoint.At(word, at, out var length);
            at += length;
        }
        return characters > _longestWord;
    }

    private int Split(ReadOnlySpan<char> word, Span<int> ids)
    {
        // Behind room for the prefix stands the word; what has been split off makes room for the next prefix.
        var room = _continuingPrefix.Length;
        Span<char> buffer = new char[room + word.Length];
        word.CopyTo(buffer[room..]);
        var count = 0;
        for (var start = 0; start < word.Length; count++)
        {
            if (start > 0) _continuingPrefix.CopyTo(buffer[start..]);
            var from = start > 0 ? start : room;
            var end = word.Length;
            while (end > start && !Vocabulary.TryGetId(buffer[from..(room + end)], out ids[count])) end--;
            if (end == start) return -1;
            start = end;
        }
        return count;
    }

    /// <summary>As <see cref="Split"/>, going through the tokens by their characters.</summary>
    private int SplitLong(ReadOnlySpan<char> word, Span<int> ids)
    {
        var continuing = PieceTrie.Root;
        var mayContinue = true;
        foreach (var c in _continuingPrefix) mayContinue = mayContinue && _trie.Value.Step(ref continuing, c);
        var count = 0;
        for (var start = 0; start < word.Length; count++)
        {
            if (start > 0 && !mayContinue) return -1;
            var (node, end) = (start > 0 ? continuing : PieceTrie.Root, start);
            for (var at = start; at < word.Length && _trie.Value.Step(ref node, word[at]); at++)
            {
                if (_trie.Value.Value(node) == PieceTrie.NoValue) continue;
                (ids[count], end) = (_trie.Value.Value(node), at + 1);
            }
            if (end == start) return -1;
            start = end;
        }
        return count;
    }

    private PieceTrie BuildTrie()
    {
        var trie = new PieceTrie();
        foreach (var token in Vocabulary.Tokens) trie.Add(token, Vocabulary.IdOf(token)!.Value);
        return trie;
    }
}
