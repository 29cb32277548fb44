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
                    throw new InvalidDataException($"{path}: more than {Largest} bytes when unpacked, which is the most that is read. Split the file.");
                if (plain.Length > RatioFrom && plain.Length / LargestRatio > source.Position)
                    throw new InvalidDataException(
                        $"{path}: {source.Position} of its packed bytes give {plain.Length}, over {LargestRatio} to one: no data packs like that. Fetch it again.");
            }
        }
        catch (InvalidDataException error) when (!error.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{path}: is named .gz and is no gzip file, or a damaged one. Fetch it again.", error);
        }

        return plain.GetBuffer().AsMemory(0, (int)plain.Length);
    }
}
