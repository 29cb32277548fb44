using Parquet;
using Parquet.Serialization;

namespace Rer.Engine.Tests.Data;

/// <summary>Writes Parquet as the Hub serves it.</summary>
internal static class ParquetFile
{
    public static byte[] Of<T>(params IEnumerable<T> rows)
        where T : class, new()
    {
        using var content = new MemoryStream();
        ParquetSerializer.SerializeAsync(rows, content, new ParquetOptions { CompressionMethod = CompressionMethod.Zstd }).GetAwaiter()
            .GetResult();
        return content.ToArray();
    }
}

internal sealed class ParquetPrompt
{
    public string? Instruction { get; set; }

    public string? Output { get; set; }

    public double? Relevance { get; set; }

    public int? Rank { get; set; }

    public bool Verified { get; set; }
}

internal sealed class ParquetMessage
{
    public string? role { get; set; }

    public string? content { get; set; }
}

internal sealed class ParquetPair
{
    public string? prompt { get; set; }

    public List<ParquetMessage>? chosen { get; set; }

    public List<ParquetMessage>? rejected { get; set; }

    public List<string>? tags { get; set; }
}
