namespace Rer.Engine.Tests;

/// <summary>
/// Outputs of reference implementations. Those made of this project's own random models and tensors are in the repository
/// (`tests/Fixtures`). Those that hold texts, tokenizers or weights of others are kept beside it (`shared/fixtures` in a folder above):
/// tests that need them are marked <see cref="SharedFactAttribute"/> and are skipped where they are not.
/// </summary>
public static class Fixtures
{
    private static readonly string? Shared = Find();

    /// <summary>Why a test that needs shared files is skipped here; null where they are.</summary>
    public static string? WhyNot { get; } =
        Shared is null
            ? $"shared/fixtures is in no folder above {RepositoryRoot.Path}: parity with the reference implementations is not checked"
            : null;

    /// <summary>A path below `tests/Fixtures`, or below `shared/fixtures` where it is not there.</summary>
    public static string File(params string[] parts)
    {
        var own = RepositoryRoot.File(["tests", "Fixtures", .. parts]);
        return Path.Exists(own) || Shared is null ? own : Path.Combine([Shared, "fixtures", .. parts]);
    }

    /// <summary>A path below `shared/data`.</summary>
    public static string Data(params string[] parts) => Path.Combine([Shared!, "data", .. parts]);

    /// <summary>A path below `shared/design`.</summary>
    public static string Design(params string[] parts) => Path.Combine([Shared!, "design", .. parts]);

    private static string? Find()
    {
        for (var folder = Directory.GetParent(RepositoryRoot.Path); folder is not null; folder = folder.Parent)
        {
            var shared = Path.Combine(folder.FullName, "shared");
            if (Directory.Exists(Path.Combine(shared, "fixtures"))) return shared;
        }
        return null;
    }
}
