using System.Text.Json;

namespace Rer.Engine.Tests.Fuzzing;

/// <summary>Inputs to begin with, in `Fuzzing/seeds`. What once fell is added there, and is tried in every run.</summary>
internal static class FuzzSeeds
{
    private static readonly string _folder = Path.Combine(AppContext.BaseDirectory, "Fuzzing", "seeds");

    /// <summary>The inputs of one parser, files in the folder of its name.</summary>
    public static IEnumerable<byte[]> Of(string parser)
    {
        var folder = Path.Combine(_folder, parser);
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes) : [];
    }

    /// <summary>The texts of one parser, a JSON text per line of the file of its name.</summary>
    public static IReadOnlyList<string> Texts(string parser) =>
        [.. File.ReadLines(Path.Combine(_folder, parser + ".jsonl")).Select(line => JsonSerializer.Deserialize<string>(line)!)];
}
