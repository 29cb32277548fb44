using System.Buffers.Binary;
using System.IO.Compression;

namespace Rer.Web.Tests.Browser;

/// <summary>
/// A browser's picture with at most 256 colours: a third of the size, and no eye tells the two apart on pages this plain.
/// </summary>
public static class IndexedPng
{
    private const int MostColours = 256;

    // Colours nearer than this in every channel are drawn as one.
    private const int Near = 3;

    private static readonly byte[] Signature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(n =>
    {
        var c = (uint)n;
        for (var k = 0; k < 8; k++) c = (c & 1) != 0 ? 0xEDB88320 ^ (c >> 1) : c >> 1;
        return c;
    })];

    /// <summary>The same picture, indexed.</summary>
    /// <param name="png">8 bits a channel, RGB or RGBA, not interlaced: what Chromium writes.</param>
    public static byte[] Of(byte[] png)
    {
        var (width, height, pixels) = Read(png);
        var (palette, index) = Palette(pixels);
        using var rows = new MemoryStream();
        using (var deflate = new ZLibStream(rows, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (var y = 0; y < height; y++)
            {
                deflate.WriteByte(0); // no filter: neighbours in a palette are no neighbours in colour
                for (var x = 0; x < width; x++) deflate.WriteByte(index[pixels[y * width + x]]);
            }
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 3);
        using var file = new MemoryStream();
        file.Write(Signature);
        Write(file, "IHDR", header);
        Write(file, "PLTE", [.. palette.SelectMany(c => new[] { (byte)(c >> 16), (byte)(c >> 8), (byte)c })]);
        Write(file, "IDAT", rows.ToArray());
        Write(file, "IEND", []);
        return file.ToArray();
    }

    private static (int Width, int Height, int[] Pixels) Read(byte[] png)
    {
        var width = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16));
        var height = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20));
        var channels = png[25] == 6 ? 4 : 3;
        using var data = new MemoryStream();
        for (var at = Signature.Length; at < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            if (png.AsSpan(at + 4, 4).SequenceEqual("IDAT"u8)) data.Write(png, at + 8, length);
            at += 12 + length;
        }

        data.Position = 0;
        using var inflate = new ZLibStream(data, CompressionMode.Decompress);
        var stride = width * channels;
        byte[] row = new byte[stride], above = new byte[stride];
        var pixels = new int[width * height];
        for (var y = 0; y < height; y++)
        {
            var filter = inflate.ReadByte();
            inflate.ReadExactly(row);
            for (var i = 0; i < stride; i++)
                row[i] += Predict(filter, i >= channels ? row[i - channels] : 0, above[i], i >= channels ? above[i - channels] : 0);
            for (var x = 0; x < width; x++)
                pixels[y * width + x] = (row[x * channels] << 16) | (row[x * channels + 1] << 8) | row[x * channels + 2];
            (row, above) = (above, row);
        }

        return (width, height, pixels);
    }

    // The filters of the PNG specification, section 9: none, sub, up, average, Paeth.
    private static byte Predict(int filter, int left, int up, int corner) => filter switch
    {
        1 => (byte)left,
        2 => (byte)up,
        3 => (byte)((left + up) / 2),
        4 => (byte)Paeth(left, up, corner),
        _ => 0,
    };

    private static int Paeth(int left, int up, int corner)
    {
        var estimate = left + up - corner;
        var (toLeft, toUp, toCorner) = (Math.Abs(estimate - left), Math.Abs(estimate - up), Math.Abs(estimate - corner));
        return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    }

    // The most frequent colours that differ; every other one becomes the nearest of them.
    private static (List<int> Palette, Dictionary<int, byte> Index) Palette(int[] pixels)
    {
        var byCount = pixels.CountBy(c => c).OrderByDescending(c => c.Value).Select(c => c.Key).ToArray();
        var palette = new List<int>();
        foreach (var colour in byCount)
        {
            if (palette.Count == MostColours) break;
            if (byCount.Length <= MostColours || palette.TrueForAll(p => Distance(p, colour) > Near)) palette.Add(colour);
        }

        return (palette, byCount.ToDictionary(c => c, c => (byte)palette.IndexOf(palette.MinBy(p => Distance(p, c)))));
    }

    private static int Distance(int a, int b) =>
        Math.Max(Math.Abs((a >> 16) - (b >> 16)), Math.Max(Math.Abs(((a >> 8) & 255) - ((b >> 8) & 255)), Math.Abs((a & 255) - (b & 255))));

    private static void Write(Stream file, string type, byte[] data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        byte[] body = [.. type.Select(c => (byte)c), .. data];
        file.Write(body);
        var crc = body.Aggregate(uint.MaxValue, (c, b) => CrcTable[(c ^ b) & 255] ^ (c >> 8)) ^ uint.MaxValue;
        BinaryPrimitives.WriteUInt32BigEndian(number, crc);
        file.Write(number);
    }
}
