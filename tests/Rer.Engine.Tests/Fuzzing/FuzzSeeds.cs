namespace Rer.Engine.Tests.Fuzzing;

/// <summary>Inputs that once fell, kept as files: they must not again.</summary>
internal static class FuzzSeeds
{
    /// <summary>The inputs of one parser, in the folder of its name.</summary>
    public static IEnumerable<byte[]> Of(string parser)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Fuzzing", "seeds", parser);
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes) : [];
    }
}
