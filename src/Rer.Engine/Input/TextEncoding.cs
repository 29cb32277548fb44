using System.Buffers;
using System.Buffers.Binary;
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

    private static readonly Declared[] Marks =
    [
        // UTF-32's mark begins with UTF-16's.
        new("UTF-32", [0xFF, 0xFE, 0, 0], 4, false),
        new("UTF-32", [0, 0, 0xFE, 0xFF], 4, true),
        new("UTF-16", [0xFF, 0xFE], 2, false),
        new("UTF-16", [0xFE, 0xFF], 2, true),
    ];

    /// <summary>The text as UTF-8 without a mark; what is not UTF-8 in a file that declares nothing is left for whoever reads its
    /// rows.</summary>
    /// <param name="content">The file's bytes.</param>
    /// <param name="problem">Why the declared encoding cannot be read: `, byte 7: ...`, to stand behind the file's name; null where it
    /// can.</param>
    public static ReadOnlyMemory<byte> ToUtf8(ReadOnlyMemory<byte> content, out string? problem)
    {
        problem = null;
        if (content.Span.StartsWith(Encoding.UTF8.Preamble)) return content[Encoding.UTF8.Preamble.Length..];
        if (Marks.FirstOrDefault(declared => content.Span.StartsWith(declared.Mark)) is { } declared)
        {
            var utf8 = declared.ToUtf8(content.Span, out var at);
            if (at is { } wrong) problem = $", byte {wrong + 1}: begins with the byte order mark of {declared.Name} and is not of it. "
                + $"{Expected}";
            return utf8;
        }

        // Without a mark, UTF-16 of mostly Latin letters shows by its zeros: no text has them.
        var zero = content.Span[..Math.Min(content.Length, 256)].IndexOf((byte)0);
        if (zero >= 0)
            problem = $", byte {zero + 1}: a zero byte, which no text has. It may be UTF-16 without its byte order mark, or no text at "
                + $"all. {Expected}";
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
        var line = utf8[..at].Count((byte)'\n') + 1;
        problem = $", line {line}, byte {at - utf8[..at].LastIndexOf((byte)'\n')}: {NotUtf8(utf8[at])}";
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

    /// <summary>`0xE9 is not UTF-8. Save the file as UTF-8.`</summary>
    public static string NotUtf8(byte wrong) => $"0x{wrong:X2} is not UTF-8. {Expected}";

    /// <summary>An encoding of whole units, and the mark that declares it.</summary>
    private sealed record Declared(string Name, byte[] Mark, int UnitBytes, bool BigEndian)
    {
        /// <summary>The text as UTF-8.</summary>
        /// <param name="content">The text, the mark before it.</param>
        /// <param name="wrong">Index of the first byte that is not of the encoding; null where there is none.</param>
        public byte[] ToUtf8(ReadOnlySpan<byte> content, out int? wrong)
        {
            var utf8 = new ArrayBufferWriter<byte>(content.Length);
            wrong = null;
            for (var at = Mark.Length; at < content.Length;)
            {
                if (Next(content[at..]) is not var (rune, used))
                {
                    wrong = at;
                    return [];
                }

                utf8.Advance(rune.EncodeToUtf8(utf8.GetSpan(4)));
                at += used;
            }

            return utf8.WrittenSpan.ToArray();
        }

        private (Rune Rune, int Bytes)? Next(ReadOnlySpan<byte> rest)
        {
            if (rest.Length < UnitBytes) return null;
            var first = Unit(rest);
            if (Rune.TryCreate(first, out var whole)) return (whole, UnitBytes);
            return UnitBytes == 2 && rest.Length >= 4 && Rune.TryCreate((char)first, (char)Unit(rest[2..]), out var pair)
                ? (pair, 4) : null;
        }

        private uint Unit(ReadOnlySpan<byte> from) => (UnitBytes, BigEndian) switch
        {
            (2, false) => BinaryPrimitives.ReadUInt16LittleEndian(from),
            (2, true) => BinaryPrimitives.ReadUInt16BigEndian(from),
            (_, false) => BinaryPrimitives.ReadUInt32LittleEndian(from),
            _ => BinaryPrimitives.ReadUInt32BigEndian(from),
        };
    }
}
