using System.Text;
using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Data.Jinja.Runtime;

/// <summary>Texts by their characters. Python counts code points where .NET counts UTF-16 units.</summary>
internal static class TextIndex
{
    /// <summary>How many characters a text has.</summary>
    public static long Length(string text) => CharacterOf(text, text.Length);

    /// <summary>The characters of a text, each a text.</summary>
    public static List<object?> Characters(string text)
    {
        var characters = new List<object?>(text.Length);
        for (var at = 0; at < text.Length;)
        {
            CodePoint.At(text, at, out var length);
            characters.Add(text.Substring(at, length));
            at += length;
        }
        return characters;
    }

    /// <summary>The number of the character that begins at a UTF-16 unit.</summary>
    public static long CharacterOf(string text, int unit)
    {
        if (IsPlain(text)) return unit;
        var count = 0L;
        for (var at = 0; at < unit; count++)
        {
            CodePoint.At(text, at, out var length);
            at += length;
        }
        return count;
    }

    /// <summary>The UTF-16 unit at which a character begins; the text's end for a number beyond its last.</summary>
    public static int UnitOf(string text, long character)
    {
        if (IsPlain(text)) return (int)Math.Min(character, text.Length);
        var at = 0;
        for (; character > 0 && at < text.Length; character--)
        {
            CodePoint.At(text, at, out var length);
            at += length;
        }
        return at;
    }

    /// <summary>A character by its index, a negative one from the end; null where there is none.</summary>
    public static string? At(string text, long index)
    {
        var count = Length(text);
        if (index < 0) index += count;
        if (index < 0 || index >= count) return null;
        var unit = UnitOf(text, index);
        CodePoint.At(text, unit, out var length);
        return text.Substring(unit, length);
    }

    /// <summary>The characters from one to another, stepwise.</summary>
    public static string Slice(string text, long from, long to, long step)
    {
        if (step == 1)
        {
            if (to <= from) return "";
            var first = UnitOf(text, from);
            return text[first..UnitOf(text, to)];
        }
        var characters = Characters(text);
        var slice = new StringBuilder();
        for (var i = (Int128)from; step > 0 ? i < to : i > to; i += step) slice.Append((string?)characters[(int)i]);
        return slice.ToString();
    }

    /// <summary>The order of two texts by their code points.</summary>
    public static int Compare(string a, string b)
    {
        var same = a.AsSpan().CommonPrefixLength(b);
        if (same == a.Length || same == b.Length) return a.Length.CompareTo(b.Length);
        // A surrogate, half of a character beyond U+FFFF, comes behind every unit that is a character by itself.
        return Rank(a[same]).CompareTo(Rank(b[same]));

        static int Rank(char c) => char.IsSurrogate(c) ? c + 0x10000 : c;
    }

    private static bool IsPlain(string text) => text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0;
}
