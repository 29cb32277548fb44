using System.Text;

namespace Rer.Engine.Data;

/// <summary>
/// The word-and-punctuation tokenizer (`\w+|[^\w\s]+`): maximal runs of word characters, or of characters that are neither word nor
/// space, with Python's classes.
/// </summary>
public static class WordPunct
{
    private enum Kind
    {
        Space,
        Word,
        Other,
    }

    /// <summary>The tokens of a text, in order.</summary>
    public static IReadOnlyList<string> Tokenize(string text)
    {
        var tokens = new List<string>(text.Length / 5 + 1);
        var (start, current) = (0, Kind.Space);
        for (var i = 0; i < text.Length;)
        {
            // A lone surrogate decodes as U+FFFD, which is neither word nor space, as the surrogate itself is in Python.
            Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var length);
            var kind = PythonCharacters.IsWord(rune.Value) ? Kind.Word : PythonCharacters.IsSpace(rune.Value) ? Kind.Space : Kind.Other;
            if (kind != current)
            {
                if (current != Kind.Space) tokens.Add(text[start..i]);
                (start, current) = (i, kind);
            }

            i += length;
        }

        if (current != Kind.Space) tokens.Add(text[start..]);
        return tokens;
    }
}
