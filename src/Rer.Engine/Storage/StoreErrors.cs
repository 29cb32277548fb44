using Microsoft.Data.Sqlite;

namespace Rer.Engine.Storage;

/// <summary>The errors of SQLite and of the file system as sentences that say what would help.</summary>
internal static class StoreErrors
{
    private const int Permission = 3, Busy = 5, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    /// <summary>
    /// The system's numbers, as .NET reports them in HResult: a lock that another holds (Linux, macOS), a full disk, a read-only file
    /// system.
    /// </summary>
    private const int WouldBlock = 11, WouldBlockOnMac = 35, NoSpace = 28, ReadOnlyFileSystem = 30;

    /// <summary>What SQLite reports of a store's file.</summary>
    public static StoreException Explain(string file, SqliteException error) => new(
        error.SqliteErrorCode switch
        {
            Permission or ReadOnly or CannotOpen => $"{file}: {WhyNotWritten(Path.GetDirectoryName(file)!)}",
            Full => $"{file}: the disk is full. Free some space, then resume the run; what was written before stands.",
            InputOutput => $"{file}: the disk reports an error ({error.Message}). Is it full, or a network folder that went away?",
            Corrupt or NotADatabase => $"{file}: not a run store, or a damaged one. Move it away to start a new one.",
            Busy => $"{file}: another program has kept it locked for more than 30 seconds.",
            _ => $"{file}: {error.Message}",
        },
        error);

    /// <summary>What the file system reports of one of a store's other files.</summary>
    public static StoreException Explain(string file, Exception error) => new($"{file}: {Say(error)}", error);

    /// <summary>Whether a file could not be opened because another process has it locked.</summary>
    public static bool IsHeldByAnother(IOException error) => error.HResult is WouldBlock or WouldBlockOnMac;

    private static string Say(Exception error) => error switch
    {
        UnauthorizedAccessException =>
            "cannot be written. Give this user write permission on the file and its folder, or choose another folder.",
        { HResult: ReadOnlyFileSystem } =>
            "lies on a file system that is mounted read-only. Mount it writable, or copy the store to another folder.",
        { HResult: NoSpace } => "the disk is full. Free some space.",
        _ => $"cannot be written ({error.Message.TrimEnd('.')}).",
    };

    /// <summary>SQLite says only that it cannot write; a file beside the store's says why.</summary>
    private static string WhyNotWritten(string folder)
    {
        try
        {
            using var probe = new FileStream(
                Path.Combine(folder, $".rer-{Guid.NewGuid():n}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1,
                FileOptions.DeleteOnClose);
        }
        catch (IOException e) when (e.HResult is ReadOnlyFileSystem or NoSpace)
        {
            return Say(e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The usual reason, which is what is said below.
        }

        return Say(new UnauthorizedAccessException());
    }
}
