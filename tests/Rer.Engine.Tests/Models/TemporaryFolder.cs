namespace Rer.Engine.Tests.Models;

/// <summary>A folder that is gone when the test is.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("rer-models-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Copies a fixture folder's files, all or those named.</summary>
    public TemporaryFolder With(string source, params string[] names)
    {
        foreach (var file in Directory.EnumerateFiles(source))
        {
            var name = System.IO.Path.GetFileName(file);
            if (names.Length > 0 && !names.Contains(name)) continue;
            // By content: a fixture's files are read-only, and a copy would be too.
            System.IO.File.WriteAllBytes(File(name), System.IO.File.ReadAllBytes(file));
        }
        return this;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
