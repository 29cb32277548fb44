using System.Globalization;
using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Tokenizers.Patterns;

/// <summary>A set of Unicode code points, told by a predicate; ASCII is answered from a bitmap.</summary>
internal sealed class CodePointSet
{
    private readonly Func<int, bool> _predicate;
    private readonly UInt128 _ascii;

    public CodePointSet(Func<int, bool> predicate)
    {
        _predicate = predicate;
        for (var c = 0; c < 128; c++)
            if (predicate(c)) _ascii |= UInt128.One << c;
    }

    /// <summary>White_Space, as <c>\s</c> has it.</summary>
    public static CodePointSet Space { get; } = new(CodePoint.IsWhiteSpace);

    /// <summary>Decimal digits, as <c>\d</c> has it.</summary>
    public static CodePointSet Digit { get; } = Category(UnicodeCategory.DecimalDigitNumber);

    /// <summary>What <c>\w</c> matches outside of brackets.</summary>
    public static CodePointSet Word { get; } = new(IsWord);

    /// <summary>Hexadecimal digits: in Ruby's syntax <c>\h</c>.</summary>
    public static CodePointSet HexDigit { get; } = new(c => c < 128 && char.IsAsciiHexDigit((char)c));

    /// <summary>
    /// Alphabetic, marks, decimal digits, connector punctuation; and, as Oniguruma's table of Latin-1 has it, superscript digits
    /// and fractions.
    /// </summary>
    public static bool IsWord(int c) => CodePoint.IsWord(c) || c is 0xB2 or 0xB3 or 0xB9 or (>= 0xBC and <= 0xBE);

    /// <summary>Whether <paramref name="codePoint"/> belongs to the set.</summary>
    public bool Contains(int codePoint) =>
        codePoint < 128 ? (_ascii >> codePoint & 1) != 0 : _predicate(codePoint);

    /// <summary>All code points of any of the general categories.</summary>
    public static CodePointSet Category(params ReadOnlySpan<UnicodeCategory> categories)
    {
        var mask = 0u;
        foreach (var category in categories) mask |= 1u << (int)category;
        return new CodePointSet(c => (mask >> (int)CharUnicodeInfo.GetUnicodeCategory(c) & 1) != 0);
    }

    /// <summary>One code point.</summary>
    public static CodePointSet Single(int codePoint) => new(c => c == codePoint);

    /// <summary>Code points from <paramref name="first"/> to <paramref name="last"/>, both included.</summary>
    public static CodePointSet Range(int first, int last) => new(c => c >= first && c <= last);

    /// <summary>Everything outside this set.</summary>
    public CodePointSet Negate() => new(c => !Contains(c));

    /// <summary>What is in this set or in <paramref name="other"/>.</summary>
    public CodePointSet Union(CodePointSet other) => new(c => Contains(c) || other.Contains(c));

    /// <summary>What is in this set and in <paramref name="other"/>.</summary>
    public CodePointSet Intersect(CodePointSet other) => new(c => Contains(c) && other.Contains(c));

    /// <summary>This set and every code point that differs from a member by case alone.</summary>
    public CodePointSet IgnoreCase() => new(c =>
    {
        foreach (var variant in CodePoint.CaseVariants(c))
            if (Contains(variant)) return true;
        return false;
    });
}
