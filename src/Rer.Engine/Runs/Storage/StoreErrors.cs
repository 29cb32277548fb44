using Microsoft.Data.Sqlite;

namespace Rer.Engine.Runs.Storage;

/// <summary>SQLite's error codes as sentences that say what would help.</summary>
internal static class StoreErrors
{
    private const int Permission = 3, Busy = 5, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    public static StoreException Explain(string file, SqliteException error) => new(
        error.SqliteErrorCode switch
        {
            Permission or ReadOnly or CannotOpen =>
                $"{file}: cannot be written. Give this user write permission on the file and its folder, or choose another folder.",
            Full => $"{file}: the disk is full. Free some space, then resume the run; what was written before stands.",
            InputOutput => $"{file}: the disk reports an error ({error.Message}). Is it full, or a network folder that went away?",
            Corrupt or NotADatabase => $"{file}: not a run store, or a damaged one. Move it away to start a new one.",
            Busy => $"{file}: another program has kept it locked for more than 30 seconds.",
            _ => $"{file}: {error.Message}",
        },
        error);
}
