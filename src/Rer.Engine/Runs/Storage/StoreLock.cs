using System.Diagnostics;
using System.Globalization;

namespace Rer.Engine.Runs.Storage;

/// <summary>Held by the one process that may train in a store; the operating system lets go of it when the process dies.</summary>
internal sealed class StoreLock : IDisposable
{
    // Two files: one that is locked cannot be read by those who want to know who holds it.
    private const string LockName = "rer.lock", OwnerName = "rer.owner";

    private readonly FileStream _lock;

    private StoreLock(FileStream locked) => _lock = locked;

    /// <summary>Takes the lock of the store in <paramref name="folder"/>.</summary>
    /// <exception cref="StoreInUseException">Another process, or another coordinator of this one, holds it.</exception>
    /// <exception cref="StoreException">The lock file cannot be written.</exception>
    public static StoreLock Acquire(string folder)
    {
        var file = Path.Combine(folder, LockName);
        var owner = Path.Combine(folder, OwnerName);
        try
        {
            var locked = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            using var process = Process.GetCurrentProcess();
            File.WriteAllText(
                owner,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"process {process.Id} ({process.ProcessName}) on {Environment.MachineName}, since {DateTimeOffset.Now:yyyy-MM-dd HH:mm:ss}"));
            return new StoreLock(locked);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StoreException($"{file}: cannot be written. Give this user write permission on the folder, or choose another one.", e);
        }
        catch (IOException e) when (File.Exists(owner))
        {
            throw new StoreInUseException(
                $"{folder}: {File.ReadAllText(owner)} trains in this store. Stop it, or choose another folder.", e);
        }
        catch (IOException e)
        {
            throw new StoreException($"{file}: cannot be locked ({e.Message}).", e);
        }
    }

    public void Dispose() => _lock.Dispose();
}
