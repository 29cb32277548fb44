namespace Rer.Engine.Tokenizers.Subwords;

/// <summary>Cuts a text before each visible space (U+2581), where no token reaches over such a place.</summary>
/// <remarks>
/// A tokenizer of Llama's kind gives its model the whole text as one word. Where no token of the vocabulary has a visible space
/// behind another character, no merge can join what stands before the space and what stands behind: the words can be encoded one at
/// a time, and remembered, with the same result.
/// </remarks>
internal static class MarkedWords
{
    private const char Marker = '\u2581';

    /// <summary>Whether a text may be cut: there is a visible space, and no token has one behind another character.</summary>
    public static bool MayCut(IEnumerable<string> tokens)
    {
        var marked = false;
        foreach (var token in tokens)
        {
            marked |= token.Length == 1 && token[0] == Marker;
            if (token.AsSpan().TrimStart(Marker).Contains(Marker)) return false;
        }
        return marked;
    }

    /// <summary>The end of the word that begins at <paramref name="start"/>.</summary>
    public static int End(ReadOnlySpan<char> text, int start)
    {
        while (start < text.Length && text[start] == Marker) start++;
        var length = text[start..].IndexOf(Marker);
        return length < 0 ? text.Length : start + length;
    }
}
