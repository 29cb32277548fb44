using System.Runtime.InteropServices;

namespace Rer.Web.Hosting;

/// <summary>Ends the process without the libraries' own ends.</summary>
internal static class ProcessEnd
{
    /// <summary>
    /// Ends the process now. For when a thread still computes in libtorch: an ordinary end takes libtorch's memory from under it, and
    /// the process crashes.
    /// </summary>
    /// <param name="code">The exit code.</param>
    public static void Now(int code)
    {
        Console.Out.Flush();
        Console.Error.Flush();
        if (OperatingSystem.IsWindows()) TerminateProcess(ThisProcess, (uint)code);
        else Exit(code);
    }

    // What Windows' GetCurrentProcess answers.
    private const nint ThisProcess = -1;

    [DllImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void Exit(int code);

    [DllImport("kernel32")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool TerminateProcess(nint process, uint code);
}
