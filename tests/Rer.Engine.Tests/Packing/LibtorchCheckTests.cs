using Rer.DeviceCheck;

namespace Rer.Engine.Tests.Packing;

/// <summary>What the device check says of a libtorch before TorchSharp loads it. The libraries are Linux's.</summary>
public sealed class LibtorchCheckTests : IDisposable
{
    private static readonly string Here = AppContext.BaseDirectory;
    private static readonly string Library = Path.Combine(Here, "libLibTorchSharp.so");

    private readonly string _folder = Directory.CreateTempSubdirectory("rer-libtorch-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TorchSharps_own_libtorch_has_every_symbol()
    {
        if (!OperatingSystem.IsLinux()) return;
        var output = new StringWriter();

        Assert.True(LibtorchCheck.Run(Library, Here, output));

        Assert.Matches(@"(\d{4}) of the \1 symbols that TorchSharp asks for$", output.ToString().TrimEnd());
    }

    [Fact]
    public void What_a_libtorch_lacks_is_named_and_what_the_load_needs_decides()
    {
        if (!OperatingSystem.IsLinux()) return;
        File.CreateSymbolicLink(Path.Combine(_folder, "libtorch_cpu.so"), Path.Combine(Here, "libtorch_cpu.so"));
        var output = new StringWriter();

        Assert.False(LibtorchCheck.Run(Library, _folder, output));

        // libc10's: a table of virtual functions is needed at once, a function where it is called.
        Assert.Contains("missing: _ZTVN3c105ErrorE", output.ToString());
        Assert.Contains("missing where it is called: _ZN3c1010TensorImpl", output.ToString());
        Assert.Contains("TorchSharp cannot load on it", output.ToString());
        Assert.DoesNotContain("malloc", output.ToString());
    }

    [Fact]
    public void A_file_that_is_no_library_is_named()
    {
        var library = Path.Combine(_folder, "libtorch.so");
        File.WriteAllText(library, new string('x', 100));

        var error = Assert.Throws<InvalidDataException>(() => LibrarySymbols.Read(library));

        Assert.Equal($"{library} is not a 64-bit ELF library.", error.Message);
    }
}
