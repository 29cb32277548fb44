using System.Globalization;
using System.Text;
using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Data.Jinja.Runtime;

/// <summary>Upper and lower case as Python has them: by Unicode's full mappings, in which `ß` becomes `SS`.</summary>
internal static class TextCase
{
    private const int CapitalSigma = 0x3A3;
    private const string SmallSigma = "\u03C3", FinalSigma = "\u03C2";

    private static readonly Lazy<Dictionary<(int CodePoint, char Case), string>> _special = new(ReadTable);

    /// <summary>All in upper case.</summary>
    public static string Upper(string text) => Map(text, (c, _) => Mapped(c, 'U'));

    /// <summary>All in lower case; a sigma that ends a word is the final one.</summary>
    public static string Lower(string text) => Map(text, (c, at) => LowerAt(text, c, at));

    /// <summary>In the form in which texts are compared where case makes no difference: `ß` is `ss`.</summary>
    public static string Fold(string text) => Map(text, (c, _) => c == 'ı' ? null
        : _special.Value.TryGetValue((c, 'U'), out var upper) ? Map(upper, (part, _) => Mapped(part, 'L'))
        : c == FinalSigma[0] ? SmallSigma : Mapped(c, 'L'));

    /// <summary>The first character in title case, all others in lower case.</summary>
    public static string Capitalize(string text) => Map(text, (c, at) => at == 0 ? Mapped(c, 'T') : LowerAt(text, c, at));

    /// <summary>Each upper-case character in lower case, and the other way round.</summary>
    public static string SwapCase(string text) =>
        Map(text, (c, at) => IsUpper(c) ? LowerAt(text, c, at) : IsLower(c) ? Mapped(c, 'U') : null);

    /// <summary>Each word's first letter in title case, all others in lower case; a word ends where a character has no case.</summary>
    public static string Title(string text)
    {
        var inWord = false;
        return Map(text, (c, at) =>
        {
            var mapped = inWord ? LowerAt(text, c, at) : Mapped(c, 'T');
            inWord = IsCased(c);
            return mapped;
        });
    }

    /// <summary>Whether a code point has a case.</summary>
    public static bool IsCased(int c) => IsUpper(c) || IsLower(c)
        || CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.TitlecaseLetter;

    /// <summary>Whether a code point is upper case.</summary>
    public static bool IsUpper(int c) => CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.UppercaseLetter
        || c is >= 0x2160 and <= 0x216F || CodePoint.IsEnclosedCapital(c);

    /// <summary>Whether a code point is lower case.</summary>
    public static bool IsLower(int c) => CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.LowercaseLetter
        || CodePointRanges.OtherLowercase.Contains(c);

    private static string Map(string text, Func<int, int, string?> mapped)
    {
        var result = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var c = CodePoint.At(text, at, out var length);
            if (mapped(c, at) is { } other) result.Append(other);
            else result.Append(text, at, length);
            at += length;
        }
        return result.ToString();
    }

    /// <summary>What a code point becomes; null where it stays.</summary>
    private static string? Mapped(int c, char wanted)
    {
        if (c < 0x80)
        {
            var letter = (char)c;
            return wanted == 'L' ? char.IsAsciiLetterUpper(letter) ? char.ToLowerInvariant(letter).ToString() : null
                : char.IsAsciiLetterLower(letter) ? char.ToUpperInvariant(letter).ToString() : null;
        }
        if (_special.Value.TryGetValue((c, wanted), out var special)) return special;
        if (!Rune.IsValid(c)) return null;
        var rune = new Rune(c);
        return (wanted == 'L' ? Rune.ToLowerInvariant(rune) : Rune.ToUpperInvariant(rune)).ToString();
    }

    private static string? LowerAt(string text, int c, int at) =>
        c == CapitalSigma ? EndsWord(text, at) ? FinalSigma : SmallSigma : Mapped(c, 'L');

    /// <summary>Unicode's Final_Sigma: a letter before, none behind, whatever has no case of its own between.</summary>
    private static bool EndsWord(string text, int at)
    {
        var before = at;
        var c = 0;
        do
        {
            if (before == 0) return false;
            c = CodePoint.Before(text, before, out var length);
            before -= length;
        }
        while (IsIgnorable(c));
        if (!IsCased(c)) return false;
        for (var behind = at + 1; behind < text.Length;)
        {
            c = CodePoint.At(text, behind, out var length);
            if (!IsIgnorable(c)) return !IsCased(c);
            behind += length;
        }
        return true;
    }

    private static bool IsIgnorable(int c) => c is '\'' or '.' or ':' or '^' or '`' or 0xAD or 0xB7 or 0x2019
        || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
            or UnicodeCategory.Format or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;

    private static Dictionary<(int, char), string> ReadTable() =>
        UnicodeTable.Lines("case.txt").Select(line => line.Split(' ')).ToDictionary(
        fields => (UnicodeTable.CodePoint(fields[0]), fields[1][0]),
        fields => string.Concat(fields[2..].Select(field => char.ConvertFromUtf32(UnicodeTable.CodePoint(field)))));
}
