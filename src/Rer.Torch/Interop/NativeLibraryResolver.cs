using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Rer.Torch.Interop;

/// <summary>Finds librer_torch.so and readies the process for the libtorch behind it.</summary>
internal static partial class NativeLibraryResolver
{
    private const string FileName = "librer_torch.so";
    private const string Variable = "RER_TORCH_NATIVE";

    // As rer_interface in native/rer_torch.cpp.
    private const int Interface = 10;

    private static readonly Lazy<nint> Loaded = new(Load);

    /// <summary>The file that was loaded.</summary>
    internal static string? File { get; private set; }

    internal static void Install() => NativeLibrary.SetDllImportResolver(
        typeof(NativeLibraryResolver).Assembly, static (name, _, _) => name == Native.Library ? Loaded.Value : 0);

    private static nint Load()
    {
        if (OperatingSystem.IsLinux()) SetUpLibraries();
        File = Candidates().FirstOrDefault(System.IO.File.Exists) ?? throw new DllNotFoundException(
            $"{FileName} was not found: not in {Variable}, not beside the application ({AppContext.BaseDirectory}), "
            + "not in .native/ of any folder above it. Build it with scripts/build-native.sh.");
        var library = NativeLibrary.Load(File);
        unsafe
        {
            if (!NativeLibrary.TryGetExport(library, "rer_interface", out var version) || ((delegate* unmanaged<int>)version)() != Interface)
                throw new DllNotFoundException($"{File} was built from another version of this source. Build it again with scripts/build-native.sh.");
            // libtorch as Debian builds it starts with one thread, whatever OMP_NUM_THREADS says.
            var threads = int.TryParse(Environment.GetEnvironmentVariable("OMP_NUM_THREADS"), out var asked) && asked > 0 ? asked : Environment.ProcessorCount;
            ((delegate* unmanaged<int, void>)NativeLibrary.GetExport(library, "rer_set_threads"))(threads);
        }
        return library;
    }

    /// <summary>The places looked at, in order: the variable (a file or a folder), the application's folder, .native/KEY above it.</summary>
    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
        {
            yield return given;
            yield return Path.Combine(given, FileName);
        }
        yield return Path.Combine(AppContext.BaseDirectory, FileName);
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var natives = new DirectoryInfo(Path.Combine(folder.FullName, ".native"));
            if (!natives.Exists) continue;
            // The build script points `current` at what it built last.
            yield return Path.Combine(natives.FullName, "current", FileName);
        }
    }

    // The libraries read these when they are loaded, through getenv, which .NET's own SetEnvironmentVariable does not reach. What
    // the user has set stays.
    private static void SetUpLibraries()
    {
        // OpenBLAS 0.3.21, Debian's, does not know newer AMD processors with AVX-512 and takes its AVX2 kernels there, at half
        // the speed.
        if (Avx512F.IsSupported) _ = SetEnvironmentVariable("OPENBLAS_CORETYPE", "SkylakeX", 0);

        // OpenMP's threads would wait for one another by spinning, which takes the processor from the very thread waited for as soon
        // as anything else runs on the machine: a step then took five times as long as with threads that sleep. Some 0.2 ms of it are
        // worth having: parts of a batch seldom wait longer for one another, and waking a thread takes about as long.
        _ = SetEnvironmentVariable("OMP_WAIT_POLICY", "passive", 0);
        _ = SetEnvironmentVariable("GOMP_SPINCOUNT", "20000", 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironmentVariable(string name, string value, int overwrite);
}
