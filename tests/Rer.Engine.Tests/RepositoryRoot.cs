namespace Rer.Engine.Tests;

/// <summary>The folder that holds Rer.sln, found from where the tests run.</summary>
public static class RepositoryRoot
{
    public static string Path { get; } = Find();

    /// <summary>A path inside the repository.</summary>
    public static string File(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (System.IO.File.Exists(System.IO.Path.Combine(folder.FullName, "Rer.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException($"No Rer.sln above {AppContext.BaseDirectory}: the tests run inside the repository.");
    }
}
