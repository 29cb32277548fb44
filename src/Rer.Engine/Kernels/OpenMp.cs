using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Rer.Engine.Kernels;

/// <summary>Settings of OpenMP, whose threads libtorch computes on.</summary>
internal static partial class OpenMp
{
    // OpenMP reads these when libtorch is loaded, through getenv, which .NET's own SetEnvironmentVariable does not reach. What the user
    // has set stays. Its threads would wait for one another by spinning, which takes the processor from the very thread waited for as
    // soon as anything else runs on the machine: a step then took five times as long as with threads that sleep. Some 0.2 ms of it are
    // worth having: parts of a batch seldom wait longer for one another, and waking a thread takes about as long.
#pragma warning disable CA2255 // It has to run before libtorch is loaded, by whatever comes first.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void LetThreadsSleep()
    {
        if (!OperatingSystem.IsLinux()) return;
        _ = SetEnvironmentVariable("OMP_WAIT_POLICY", "passive", 0);
        _ = SetEnvironmentVariable("GOMP_SPINCOUNT", "20000", 0);
    }

    // libtorch for macOS looks for OpenMP where Homebrew puts it. The library that its package brings along carries that name too, and
    // answers to it once it is loaded.
#pragma warning disable CA2255 // As above.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void LoadOnMacOS()
    {
        if (OperatingSystem.IsMacOS())
            _ = NativeLibrary.TryLoad("libomp.dylib", typeof(OpenMp).Assembly, DllImportSearchPath.AssemblyDirectory, out _);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironmentVariable(string name, string value, int overwrite);
}
