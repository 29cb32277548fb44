using Rer.Engine.Storage;

namespace Rer.Engine.Tests.Storage;

/// <summary>A store in a folder that goes away with it.</summary>
internal sealed class TemporaryStore : IDisposable
{
    public TemporaryStore()
    {
        Folder = Directory.CreateTempSubdirectory("rer-store-").FullName;
        Store = RunStore.Open(Folder);
    }

    public string Folder { get; }

    public RunStore Store { get; private set; }

    public void Reopen()
    {
        Store.Dispose();
        Store = RunStore.Open(Folder);
    }

    public void Dispose()
    {
        Store.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
