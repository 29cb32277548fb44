using System.Globalization;
using System.Runtime.CompilerServices;
using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Tokenizers.Patterns;

/// <summary>The four kinds of characters that the pre-tokenizers of GPT-2's line tell apart.</summary>
internal static class CharacterClass
{
    /// <summary>None of the others: punctuation, symbols, marks, controls.</summary>
    public const byte Other = 0;

    /// <summary><c>\p{L}</c>.</summary>
    public const byte Letter = 1;

    /// <summary><c>\p{N}</c>.</summary>
    public const byte Number = 2;

    /// <summary><c>\s</c>.</summary>
    public const byte Space = 3;

    private static readonly byte[] Table = BuildTable();

    /// <summary>The class of the code point at <paramref name="index"/>, and how many UTF-16 units it takes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte At(ReadOnlySpan<char> text, int index, out int length)
    {
        var c = text[index];
        length = 1;
        return char.IsSurrogate(c) ? Of(CodePoint.At(text, index, out length)) : Table[c];
    }

    private static byte Of(int codePoint)
    {
        if (CodePoint.IsWhiteSpace(codePoint)) return Space;
        return CharUnicodeInfo.GetUnicodeCategory(codePoint) switch
        {
            <= UnicodeCategory.OtherLetter => Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Number,
            _ => Other,
        };
    }

    private static byte[] BuildTable()
    {
        var table = new byte[char.MaxValue + 1];
        for (var c = 0; c < table.Length; c++) table[c] = Of(c);
        return table;
    }
}
