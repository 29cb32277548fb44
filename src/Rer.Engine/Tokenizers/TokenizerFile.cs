namespace Rer.Engine.Tokenizers;

/// <summary>Reads the files of a tokenizer whole, up to a bound.</summary>
internal static class TokenizerFile
{
    /// <summary>A file may have this many bytes; the largest published ones have some 60 million.</summary>
    public const int MostBytes = 256 << 20;

    /// <summary>The bytes of a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is too large: a device has no end.</exception>
    public static byte[] ReadAllBytes(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (stream.CanSeek && stream.Length > MostBytes) throw TooLarge(file);
        using var bytes = new MemoryStream(stream.CanSeek ? (int)stream.Length : 0);
        var buffer = new byte[1 << 16];
        for (var read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
        {
            if (bytes.Length + read > MostBytes) throw TooLarge(file);
            bytes.Write(buffer, 0, read);
        }
        return bytes.Length == bytes.Capacity ? bytes.GetBuffer() : bytes.ToArray();
    }

    /// <summary>The text of a file in UTF-8.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is too large.</exception>
    public static string ReadAllText(string file)
    {
        using var reader = new StreamReader(new MemoryStream(ReadAllBytes(file)));
        return reader.ReadToEnd();
    }

    private static InvalidDataException TooLarge(string file) =>
        new($"{file}: has more than {MostBytes >> 20} MiB, which is more than any tokenizer's file.");
}
