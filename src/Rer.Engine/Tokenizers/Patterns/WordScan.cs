using System.Runtime.CompilerServices;

namespace Rer.Engine.Tokenizers.Patterns;

/// <summary>Steps that the handwritten pre-tokenizer patterns share.</summary>
internal static class WordScan
{
    /// <summary>The end of the characters of one kind that begin at <paramref name="at"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Run(ReadOnlySpan<char> text, int at, byte kind)
    {
        while (at < text.Length && CharacterClass.At(text, at, out var length) == kind) at += length;
        return at;
    }

    /// <summary><c>\s+(?!\S)|\s+</c>: the white space at <paramref name="at"/>, less its last character where a word follows.</summary>
    public static int Spaces(ReadOnlySpan<char> text, int at)
    {
        // White space lies wholly below U+10000, one UTF-16 unit each.
        var end = Run(text, at, CharacterClass.Space);
        return end < text.Length && end - at > 1 ? end - 1 : end;
    }
}
