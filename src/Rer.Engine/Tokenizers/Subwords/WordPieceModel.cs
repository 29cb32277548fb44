using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Tokenizers;
using Rer.Engine.Input;
using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Tokenizers.Subwords;

/// <summary>WordPiece: from the left, always the longest token that fits; a word that does not come out even is unknown.</summary>
/// <remarks>
/// Wu et al. 2016, arXiv 1609.08144, as BERT uses it. Microsoft.ML.Tokenizers splits, but for words that it takes the cube of the length
/// for.
/// </remarks>
internal sealed class WordPieceModel : ISubwordModel
{
    /// <summary>Longest word that the library is given: it tries all ends of a word, one after the other.</summary>
    private const int LongestForLibrary = 100;

    private const string LineEnds = "\r\n";

    private readonly string _continuingPrefix;
    private readonly int _longestWord;
    private readonly int _unknownId;
    private readonly Lazy<PieceTrie> _trie;
    private readonly WordPieceTokenizer _library;
    private readonly int[] _ids;

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
        if (unknownToken.AsSpan().ContainsAny(LineEnds))
            throw new FormatException($"unk_token '{Excerpt.Of(unknownToken)}' holds an end of a line.");
        _trie = new Lazy<PieceTrie>(BuildTrie);
        // The library numbers the lines that it reads.
        var lines = vocabulary.Tokens.Where(token => token.Length > 0 && !token.AsSpan().ContainsAny(LineEnds)).ToArray();
        _ids = [.. lines.Select(token => vocabulary.IdOf(token)!.Value)];
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        _library = WordPieceTokenizer.Create(file, new WordPieceOptions
        {
            UnknownToken = unknownToken,
            ContinuingSubwordPrefix = continuingPrefix,
            MaxInputCharsPerWord = LongestForLibrary,
        });
    }

    /// <inheritdoc/>
    public Vocabulary Vocabulary { get; }

    /// <inheritdoc/>
    public void Tokenize(ReadOnlySpan<char> word, TokenList output)
    {
        if (word.Length == 0) return;
        if (IsTooLong(word)) output.Add(_unknownId);
        else if (word.Length > LongestForLibrary || word.ContainsAny(LineEnds)) Split(word, output);
        else
        {
            foreach (var line in _library.EncodeToIds(word, considerPreTokenization: false, considerNormalization: false))
                output.Add(_ids[line]);
        }
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

    /// <summary>Splits a word of any length, going through the tokens by their characters.</summary>
    private void Split(ReadOnlySpan<char> word, TokenList output)
    {
        var ids = new List<int>();
        var continuing = PieceTrie.Root;
        var mayContinue = true;
        foreach (var c in _continuingPrefix) mayContinue = mayContinue && _trie.Value.Step(ref continuing, c);
        for (var start = 0; start < word.Length;)
        {
            var id = PieceTrie.NoValue;
            var (node, end) = (start > 0 ? continuing : PieceTrie.Root, start);
            for (var at = start; (start == 0 || mayContinue) && at < word.Length && _trie.Value.Step(ref node, word[at]); at++)
            {
                if (_trie.Value.Value(node) != PieceTrie.NoValue) (id, end) = (_trie.Value.Value(node), at + 1);
            }

            if (end == start)
            {
                output.Add(_unknownId);
                return;
            }

            ids.Add(id);
            start = end;
        }

        output.AddRange(CollectionsMarshal.AsSpan(ids));
    }

    private PieceTrie BuildTrie()
    {
        var trie = new PieceTrie();
        foreach (var token in Vocabulary.Tokens) trie.Add(token, Vocabulary.IdOf(token)!.Value);
        return trie;
    }
}
