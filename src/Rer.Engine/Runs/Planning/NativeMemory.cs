using System.Runtime.InteropServices;

namespace Rer.Engine.Runs.Planning;

/// <summary>Memory that native code has freed.</summary>
/// <remarks>
/// glibc's malloc keeps much of what a training step frees, and the next one takes it again. After an evaluation, whose batches are
/// larger, and after the last step it would lie there.
/// </remarks>
internal static class NativeMemory
{
    /// <summary>Gives freed memory back to the system, where the C library is one that can.</summary>
    public static void GiveBack()
    {
        try
        {
            _ = Trim(0);
        }
        catch (Exception missing) when (missing is EntryPointNotFoundException or DllNotFoundException)
        {
            // Not glibc: whatever it does with freed memory, it does by itself.
        }
    }

    [DllImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Trim(nuint pad);
}
