using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Rer.Engine.Tokenizers.Unicode;

/// <summary>Properties of single code points, as the reference tokenizers understand them.</summary>
internal static class CodePoint
{
    /// <summary>The code point that begins at <paramref name="index"/>, and how many UTF-16 units it takes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int At(ReadOnlySpan<char> text, int index, out int length)
    {
        var c = text[index];
        if (char.IsHighSurrogate(c) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
        {
            length = 2;
            return char.ConvertToUtf32(c, text[index + 1]);
        }
        length = 1;
        return c;
    }

    /// <summary>The code point that ends just before <paramref name="index"/>.</summary>
    public static int Before(ReadOnlySpan<char> text, int index, out int length)
    {
        var c = text[index - 1];
        if (char.IsLowSurrogate(c) && index >= 2 && char.IsHighSurrogate(text[index - 2]))
        {
            length = 2;
            return char.ConvertToUtf32(text[index - 2], c);
        }
        length = 1;
        return c;
    }

    /// <summary>The Unicode property White_Space.</summary>
    public static bool IsWhiteSpace(int c) => c < 0x10000 && char.IsWhiteSpace((char)c);

    /// <summary>Letters, marks, decimal digits, connectors, letter numbers, and the enclosed letters that are alphabetic.</summary>
    public static bool IsWord(int c) => CharUnicodeInfo.GetUnicodeCategory(c) switch
    {
        <= UnicodeCategory.LetterNumber => true,
        UnicodeCategory.ConnectorPunctuation => true,
        UnicodeCategory.OtherSymbol => c is >= 0x24D0 and <= 0x24E9 || IsEnclosedCapital(c),
        _ => false,
    };

    /// <summary>Capital letters in circles and squares: symbols that are upper case.</summary>
    public static bool IsEnclosedCapital(int c) => c is >= 0x24B6 and <= 0x24CF or >= 0x1F130 and <= 0x1F149
        or >= 0x1F150 and <= 0x1F169 or >= 0x1F170 and <= 0x1F189;

    /// <summary>The code points that simple case mappings lead to from <paramref name="c"/>, itself among them.</summary>
    public static int[] CaseVariants(int c)
    {
        if (!Rune.IsValid(c)) return [c];
        // The framework does not map the long s to ASCII.
        if (c == 0x17F) return [c, 's', 'S'];
        var lower = Rune.ToLowerInvariant(new Rune(c));
        var upper = Rune.ToUpperInvariant(new Rune(c));
        return [c, lower.Value, upper.Value, Rune.ToLowerInvariant(upper).Value, Rune.ToUpperInvariant(lower).Value];
    }

    /// <summary>The text with every lone surrogate replaced by U+FFFD: the reference implementations know only valid Unicode.</summary>
    public static string ReplaceLoneSurrogates(string text)
    {
        var at = FirstLoneSurrogate(text);
        if (at < 0) return text;
        var builder = new StringBuilder(text.Length).Append(text, 0, at);
        foreach (var rune in text.AsSpan(at).EnumerateRunes()) builder.Append(rune);
        return builder.ToString();
    }

    private static int FirstLoneSurrogate(string text)
    {
        var i = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF');
        if (i < 0) return -1;
        while (i < text.Length)
        {
            At(text, i, out var length);
            if (length == 1 && char.IsSurrogate(text[i])) return i;
            i += length;
        }
        return -1;
    }
}
