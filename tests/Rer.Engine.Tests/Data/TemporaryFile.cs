namespace Rer.Engine.Tests.Data;

/// <summary>A file in the temporary folder with some content, gone after the test.</summary>
public sealed class TemporaryFile : IDisposable
{
    public TemporaryFile(string extension, string? content = null)
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"rer-{Guid.NewGuid():N}{extension}");
        if (content is not null) File.WriteAllText(Path, content);
    }

    public string Path { get; }

    public void Dispose() => File.Delete(Path);
}
