using System.Text.Json;

namespace Rer.Engine.Tests.Fuzzing;

/// <summary>
/// Inputs to begin with, kept in `Fuzzing/Seeds`: one JSON text a line. What has fallen is added there, and is tried in every run.
/// </summary>
internal static class FuzzSeeds
{
    /// <summary>The seeds of a name.</summary>
    public static IReadOnlyList<string> Read(string name) =>
        [.. File.ReadLines(Path.Combine(RepositoryRoot.Path, "tests", "Rer.Engine.Tests", "Fuzzing", "Seeds", name + ".jsonl"))
            .Select(line => JsonSerializer.Deserialize<string>(line)!)];
}
