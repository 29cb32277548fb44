using System.Globalization;

namespace Rer.Engine.Tokenizers.Unicode;

/// <summary>Tables of Unicode properties that are part of this assembly.</summary>
internal static class UnicodeTable
{
    /// <summary>The lines of a table, comments left out.</summary>
    public static IEnumerable<string> Lines(string name)
    {
        using var stream = typeof(UnicodeTable).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
            if (line.Length > 0 && line[0] != '#') yield return line;
    }

    /// <summary>Reads a hexadecimal code point.</summary>
    public static int CodePoint(ReadOnlySpan<char> hexadecimal) =>
        int.Parse(hexadecimal, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
