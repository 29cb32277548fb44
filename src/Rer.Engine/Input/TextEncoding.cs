using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Rer.Engine.Input;

/// <summary>
/// Texts that others wrote: UTF-8, or what a byte order mark declares (UTF-8, UTF-16, UTF-32). Nothing is replaced: what is not of its
/// encoding is refused with its place.
/// </summary>
internal static class TextEncoding
{
    private const string Expected = "Save the file as UTF-8.";

    private static readonly (byte[] Mark, Encoding Encoding)[] Declared =
    [
        // UTF-32's mark begins with UTF-16's.
        ([0xFF, 0xFE, 0, 0], new UTF32Encoding(bigEndian: false, byteOrderMark: true, throwOnInvalidCharacters: true)),
        ([0, 0, 0xFE, 0xFF], new UTF32Encoding(bigEndian: true, byteOrderMark: true, throwOnInvalidCharacters: true)),
        ([0xFF, 0xFE], new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true)),
        ([0xFE, 0xFF], new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true)),
    ];

    /// <summary>The text as UTF-8 without a mark; what is not UTF-8 in a file that declares nothing is left for whoever reads its rows.</summary>
    /// <param name="content">The file's bytes.</param>
    /// <param name="problem">Why the declared encoding cannot be read: `: ...`, to stand behind the file's name; null where it can.</param>
    public static ReadOnlyMemory<byte> ToUtf8(ReadOnlyMemory<byte> content, out string? problem)
    {
        problem = null;
        if (content.Span.StartsWith(Encoding.UTF8.Preamble)) return content[Encoding.UTF8.Preamble.Length..];
        foreach (var (mark, encoding) in Declared)
        {
            if (!content.Span.StartsWith(mark)) continue;
            try
            {
                return Encoding.UTF8.GetBytes(encoding.GetString(content.Span[mark.Length..]));
            }
            catch (DecoderFallbackException error)
            {
                problem = $", byte {mark.Length + error.Index + 1}: begins with the byte order mark of {encoding.WebName.ToUpperInvariant()} and is not of it. {Expected}";
                return default;
            }
        }

        // Without a mark, UTF-16 of mostly Latin letters shows by its zeros: no text has them.
        var zero = content.Span[..Math.Min(content.Length, 256)].IndexOf((byte)0);
        if (zero >= 0) problem = $", byte {zero + 1}: a zero byte, which no text has. It may be UTF-16 without its byte order mark, or no text at all. {Expected}";
        return content;
    }

    /// <summary>The whole text; null where it is not of its encoding.</summary>
    /// <param name="content">The file's bytes.</param>
    /// <param name="problem">Why not: `, line 3, byte 7: ...`, to stand behind the file's name.</param>
    public static string? Decode(ReadOnlyMemory<byte> content, out string? problem)
    {
        var utf8 = ToUtf8(content, out problem).Span;
        if (problem is not null) return null;
        if (InvalidAt(utf8) is not { } at) return Encoding.UTF8.GetString(utf8);
        var line = utf8[..at].Count((byte)'\n');
        problem = $", line {line + 1}, {Describe(utf8, at, at - utf8[..at].LastIndexOf((byte)'\n'))}";
        return null;
    }

    /// <summary>Index of the first byte that is no UTF-8; null where there is none.</summary>
    public static int? InvalidAt(ReadOnlySpan<byte> utf8)
    {
        if (Utf8.IsValid(utf8)) return null;
        var at = 0;
        while (Rune.DecodeFromUtf8(utf8[at..], out _, out var used) == OperationStatus.Done) at += used;
        return at;
    }

    /// <summary>`byte 7: 0xE9 is not UTF-8. Save the file as UTF-8.`</summary>
    /// <param name="utf8">The bytes.</param>
    /// <param name="at">Index of the one that is wrong.</param>
    /// <param name="place">Its number in the row, from 1.</param>
    public static string Describe(ReadOnlySpan<byte> utf8, int at, int place) => $"byte {place}: 0x{utf8[at]:X2} is not UTF-8. {Expected}";
}
