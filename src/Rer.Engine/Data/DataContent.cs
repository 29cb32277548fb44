using System.IO.Compression;
using Rer.Engine.Input;

namespace Rer.Engine.Data;

/// <summary>The bytes of a data file, unpacked, within bounds that are checked before and while they come.</summary>
internal static class DataContent
{
    /// <summary>Largest content that is read, unpacked, in bytes.</summary>
    public const long Largest = 1L << 30;

    /// <summary>Largest row that is read, in bytes.</summary>
    public const int LargestRow = 16 << 20;

    /// <summary>Most rows, and most bad ones that are listed: a row of two bytes takes hundreds in memory.</summary>
    public const int MostRows = 5_000_000, MostErrors = 100_000;

    /// <summary>Behind the name of a packed file.</summary>
    public const string Packed = ".gz";

    /// <summary>Content up to this many bytes may be packed as tightly as can be; texts of more never are.</summary>
    private const long RatioFrom = 64L << 20;

    /// <summary>Most bytes that a packed one gives, beyond <see cref="RatioFrom"/>. Texts give 3 to 20.</summary>
    private const int LargestRatio = 200;

    /// <summary>A file's content.</summary>
    /// <exception cref="InvalidDataException">It is no regular file, too large, or no gzip file although it is named one.</exception>
    /// <exception cref="IOException">It is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static ReadOnlyMemory<byte> Read(string path) => Unpack(path, InputFile.ReadAllBytes(path, Largest));

    /// <summary>Checks that a file has not too many rows.</summary>
    /// <exception cref="InvalidDataException">It has.</exception>
    public static void CheckRows(string path, int rows)
    {
        if (rows >= MostRows)
            throw new InvalidDataException($"{path}: more than {MostRows} rows, which is the most that is read. Split the file.");
    }

    /// <summary>Checks that content is not far larger than what it was packed in.</summary>
    /// <param name="path">Messages begin with it.</param>
    /// <param name="plain">Bytes of content so far.</param>
    /// <param name="packed">Bytes that they were packed in.</param>
    /// <exception cref="InvalidDataException">It is.</exception>
    public static void CheckRatio(string path, long plain, long packed)
    {
        if (plain > RatioFrom && plain / LargestRatio > packed)
            throw new InvalidDataException(
                $"{path}: {packed} of its packed bytes give {plain}, over {LargestRatio} to one: no data packs like that. Fetch it again.");
    }

    /// <summary>The content that bytes hold: unpacked where the name says that they are packed.</summary>
    /// <param name="path">The name; messages begin with it.</param>
    /// <param name="content">The bytes.</param>
    /// <exception cref="InvalidDataException">They are no gzip file, or too much comes of them.</exception>
    public static ReadOnlyMemory<byte> Unpack(string path, byte[] content)
    {
        if (!path.EndsWith(Packed, StringComparison.OrdinalIgnoreCase)) return content;
        using var plain = new MemoryStream();
        try
        {
            using var source = new MemoryStream(content);
            using var packed = new GZipStream(source, CompressionMode.Decompress);
            var buffer = new byte[1 << 16];
            while (packed.Read(buffer) is > 0 and var read)
            {
                plain.Write(buffer, 0, read);
                if (plain.Length > Largest)
                    throw new InvalidDataException(
                        $"{path}: more than {Largest} bytes when unpacked, which is the most that is read. Split the file.");
                CheckRatio(path, plain.Length, source.Position);
            }
        }
        catch (InvalidDataException error) when (!error.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{path}: is named .gz and is no gzip file, or a damaged one. Fetch it again.", error);
        }

        return plain.GetBuffer().AsMemory(0, (int)plain.Length);
    }
}
