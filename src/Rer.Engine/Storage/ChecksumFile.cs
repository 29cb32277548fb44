using System.Security.Cryptography;

namespace Rer.Engine.Storage;

/// <summary>`SHA256SUMS`: the checksum of every file of a folder, in the form that `sha256sum -c` reads.</summary>
internal static class ChecksumFile
{
    private const string Name = "SHA256SUMS";
    private const string Separator = "  ";
    private const int HexDigits = 2 * SHA256.HashSizeInBytes;

    /// <summary>Writes the checksums of what a folder holds.</summary>
    public static void Write(string folder)
    {
        var lines = Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)
            .Select(file => $"{Sum(file)}{Separator}{Path.GetFileName(file)}\n").ToArray();
        File.WriteAllText(Path.Combine(folder, Name), string.Concat(lines));
    }

    /// <summary>The first thing that is not as it was written; null where nothing is, or where no checksums were written.</summary>
    public static string? Damage(string folder)
    {
        var list = Path.Combine(folder, Name);
        if (!File.Exists(list)) return null;
        foreach (var (line, number) in File.ReadLines(list).Select((line, i) => (line, i + 1)))
        {
            if (!IsEntry(line)) return $"{Name}, line {number}: is no checksum and file name";
            var name = line[(HexDigits + Separator.Length)..];
            var file = Path.Combine(folder, name);
            if (!File.Exists(file)) return $"{name}: is missing";
            if (Sum(file) != line[..HexDigits]) return $"{name}: is not what was written (its SHA-256 has changed)";
        }

        return null;
    }

    private static bool IsEntry(string line) =>
        line.Length > HexDigits + Separator.Length
        && line[..HexDigits].All(char.IsAsciiHexDigitLower)
        && line.AsSpan(HexDigits, Separator.Length).SequenceEqual(Separator)
        && !line.Contains(Path.DirectorySeparatorChar);

    private static string Sum(string file)
    {
        using var content = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(content));
    }
}
