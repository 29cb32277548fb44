using Microsoft.ML.Tokenizers;
using Rer.Engine.Input;

namespace Rer.Engine.Tokenizers.Subwords;

/// <summary>Byte-pair encoding: starts from characters, joins the neighbours whose merge was learnt first, until none is left.</summary>
/// <remarks>
/// Sennrich et al. 2016, arXiv 1508.07909; the order of merges is that of Hugging Face's tokenizers. Microsoft.ML.Tokenizers merges, but
/// for words whose length it takes more than linear time for, and for characters that it would not spell in bytes.
/// </remarks>
internal sealed class BpeModel : ISubwordModel
{
    /// <summary>Longest word that the library is given, in UTF-16 units: beyond some ten thousand its time grows with the square.</summary>
    internal const int LongestForLibrary = 2048;

    private readonly BpeOptions _options;
    private readonly BpeTokenizer _library;
    private readonly BpeMerges _merges;

    /// <summary>Stands for a space in the library's tokens, since it reads a merge as two words; null where no token has one.</summary>
    private readonly char? _space;

    /// <summary>A model of a vocabulary and its merges in order of rank.</summary>
    /// <exception cref="FormatException">A merge's part or result, or the unknown token, is not in the vocabulary.</exception>
    public BpeModel(Vocabulary vocabulary, IReadOnlyList<(string Left, string Right)> merges, BpeOptions options)
    {
        (Vocabulary, _options) = (vocabulary, options);
        Check(vocabulary, merges, options);
        _space = vocabulary.Tokens.Any(token => token.Contains(' ')) ? Unused(vocabulary) : null;
        _library = BpeTokenizer.Create(new Microsoft.ML.Tokenizers.BpeOptions(
            vocabulary.Tokens.Select(token => KeyValuePair.Create(Marked(token), vocabulary.IdOf(token)!.Value)))
        {
            Merges = merges.Select(merge => $"{Marked(merge.Left)} {Marked(merge.Right)}"),
            UnknownToken = options.UnknownToken is { Length: > 0 } unknown ? Marked(unknown) : null,
            FuseUnknownTokens = options.FuseUnknown,
            ContinuingSubwordPrefix = options.ContinuingPrefix,
            EndOfWordSuffix = options.EndOfWordSuffix,
        });
        _merges = new BpeMerges(vocabulary, merges, options);

        string Marked(string token) => _space is { } mark ? token.Replace(' ', mark) : token;
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
        if (_options.IgnoreMerges && Vocabulary.TryGetId(word, out var whole)) output.Add(whole);
        else if (word.Length > LongestForLibrary || (_space is { } mark && word.Contains(mark))
            || (_options.ByteFallback && _merges.HasUnknown(word)))
            _merges.Tokenize(word, output);
        else
        {
            var text = _space is { } space && word.Contains(' ') ? word.ToString().Replace(' ', space) : word;
            foreach (var id in _library.EncodeToIds(text, considerPreTokenization: false, considerNormalization: false)) output.Add(id);
        }
    }

    /// <summary>One of Unicode's characters that are none, which no token holds.</summary>
    private static char Unused(Vocabulary vocabulary)
    {
        for (var mark = '\uFDD0'; mark <= '\uFDEF'; mark++)
            if (!vocabulary.Tokens.Any(token => token.Contains(mark))) return mark;
        throw new FormatException("vocab: tokens hold spaces and every one of U+FDD0 to U+FDEF, which are no characters.");
    }

    private static void Check(Vocabulary vocabulary, IReadOnlyList<(string Left, string Right)> merges, BpeOptions options)
    {
        if (options.UnknownToken is { Length: > 0 } unknown && vocabulary.IdOf(unknown) is null)
            throw new FormatException($"unk_token '{Excerpt.Of(unknown)}' is not in the vocabulary.");
        var prefixLength = options.ContinuingPrefix?.Length ?? 0;
        for (var rank = 0; rank < merges.Count; rank++)
        {
            var (left, right) = merges[rank];
            Require(left);
            Require(right);
            if (right.Length < prefixLength)
                throw new FormatException($"merges[{rank}]: '{Excerpt.Of(right)}' lacks the continuing prefix.");
            Require(string.Concat(left, right.AsSpan(prefixLength)));

            void Require(string token)
            {
                if (vocabulary.IdOf(token) is null)
                    throw new FormatException($"merges[{rank}]: '{Excerpt.Of(token)}' is not in the vocabulary.");
            }
        }
    }
}
