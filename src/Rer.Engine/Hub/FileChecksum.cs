using System.Security.Cryptography;
using System.Text;

namespace Rer.Engine.Hub;

/// <summary>What a file's content must hash to.</summary>
/// <param name="Hex">Lower-case hexadecimal digits: 64 of a SHA-256 (large files), 40 of a Git blob's SHA-1 (all others).</param>
internal sealed record FileChecksum(string Hex)
{
    private const int Sha256Digits = 64;
    private const int BlobDigits = 40;

    /// <summary>What messages call the algorithm.</summary>
    public string Algorithm => Hex.Length == Sha256Digits ? "SHA-256" : "Git blob SHA-1";

    /// <summary>Reads digits, or an HTTP entity tag made of them; null where the text is neither.</summary>
    public static FileChecksum? Parse(string? text)
    {
        if (text is null) return null;
        if (text.StartsWith("W/", StringComparison.Ordinal)) text = text[2..];
        var hex = text.Trim('"').ToLowerInvariant();
        return hex.Length is Sha256Digits or BlobDigits && hex.All(char.IsAsciiHexDigitLower) ? new FileChecksum(hex) : null;
    }

    /// <summary>The checksum of the same kind that a file on disk has.</summary>
    public async Task<FileChecksum> OfFileAsync(string path, CancellationToken cancellation = default)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20,
            FileOptions.Asynchronous | FileOptions.SequentialScan);
        return new FileChecksum(Convert.ToHexStringLower(Hex.Length == Sha256Digits
            ? await SHA256.HashDataAsync(file, cancellation).ConfigureAwait(false)
            : await BlobAsync(file, cancellation).ConfigureAwait(false)));
    }

    /// <summary>Git's name of a blob: SHA-1 over `blob SIZE`, a zero byte, and the content.</summary>
    private static async Task<byte[]> BlobAsync(FileStream file, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(Encoding.ASCII.GetBytes($"blob {file.Length}\0"));
        var buffer = new byte[1 << 20];
        while (await file.ReadAsync(buffer, cancellation).ConfigureAwait(false) is > 0 and var read) hash.AppendData(buffer, 0, read);
        return hash.GetHashAndReset();
    }
}
