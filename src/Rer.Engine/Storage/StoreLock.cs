using System.Diagnostics;
using System.Globalization;

namespace Rer.Engine.Storage;

/// <summary>Held by the one process that may train in a store; the operating system lets go of it when the process dies.</summary>
internal sealed class StoreLock : IDisposable
{
    // Two files: one that is locked cannot be read by those who want to know who holds it.
    private const string LockName = "rer.lock", OwnerName = "rer.owner";

    private readonly FileStream _lock;

    private StoreLock(FileStream locked) => _lock = locked;

    /// <summary>Takes the lock of the store in <paramref name="folder"/>.</summary>
    /// <exception cref="StoreInUseException">Another process, or another coordinator of this one, holds it.</exception>
    /// <exception cref="StoreException">The lock's files cannot be written.</exception>
    public static StoreLock Acquire(string folder)
    {
        var file = Path.Combine(folder, LockName);
        var owner = Path.Combine(folder, OwnerName);
        FileStream? locked = null;
        try
        {
            locked = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(owner, Self());
            return new StoreLock(locked);
        }
        catch (IOException e) when (locked is null && StoreErrors.IsHeldByAnother(e))
        {
            throw new StoreInUseException($"{folder}: {Holder(owner)} trains in this store. Stop it, or choose another folder.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            locked?.Dispose();
            throw StoreErrors.Explain(locked is null ? file : owner, e);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static string Self()
    {
        using var process = Process.GetCurrentProcess();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"process {process.Id} ({process.ProcessName}) on {Environment.MachineName}, since {DateTimeOffset.Now:yyyy-MM-dd HH:mm:ss}");
    }

    /// <summary>What the holder wrote of itself; whoever took the lock this very moment has not written it yet.</summary>
    private static string Holder(string owner)
    {
        try
        {
            return File.ReadAllText(owner) is { Length: > 0 } text ? text : "another process";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }
}
