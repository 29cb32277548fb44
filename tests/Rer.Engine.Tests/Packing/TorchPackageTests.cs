using System.Reflection;
using System.Text.Json;
using Rer.Build;
using TorchSharp;

namespace Rer.Engine.Tests.Packing;

/// <summary>Which of TorchSharp's packages a build takes, and what it makes of their files.</summary>
public sealed class TorchPackageTests : IDisposable
{
    private const string Version = "GLIBCXX_3.4.32";

    private readonly string _folder = Directory.CreateTempSubdirectory("rer-build-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("linux-x64", false, "libtorch-cpu-linux-x64")]
    [InlineData("linux-x64", true, "TorchSharp-cuda-linux")]
    [InlineData("win-x64", false, "libtorch-cpu-win-x64")]
    [InlineData("win-x64", true, "TorchSharp-cuda-windows")]
    [InlineData("osx-arm64", false, "libtorch-cpu-osx-arm64")]
    public void One_libtorch_is_chosen_by_the_system_and_by_Cuda(string system, bool cuda, string expected)
    {
        var packages = Packages($"-p:RuntimeIdentifier={system}", $"-p:Cuda={cuda}");

        Assert.Contains("TorchSharp", packages);
        Assert.Equal([expected], packages.Where(IsLibtorch));
    }

    [Fact]
    public void Without_a_word_it_is_the_CPUs_for_this_system() =>
        Assert.StartsWith("libtorch-cpu-", Assert.Single(Packages(), IsLibtorch), StringComparison.Ordinal);

    [Fact]
    public void Only_native_files_that_are_used_lie_beside_the_program()
    {
        if (!OperatingSystem.IsLinux()) return; // the names are Linux's
        // The tests alone bring the reference tokenizers' library.
        var files = Directory.EnumerateFiles(AppContext.BaseDirectory, "lib*.so*").Select(Path.GetFileName)
            .Where(name => name != "libhf_tokenizers.so").Order(StringComparer.Ordinal);

        Assert.Equal(
            ["libLibTorchSharp.so", "libc10.so", "libe_sqlite3.so", "libgomp-98b21ff3.so.1", "libtorch.so", "libtorch_cpu.so"], files);
    }

    [Fact]
    public void The_packages_own_library_needs_the_version_and_can_do_without()
    {
        var file = File.ReadAllBytes(PackagedLibrary());
        var marked = file.ToArray();

        Assert.True(ElfVersions.TryWeaken(marked, Version, out var reason), reason);

        Assert.Equal(1, file.Zip(marked).Count(pair => pair.First != pair.Second));
        Assert.False(ElfVersions.TryWeaken(marked, Version, out reason));
    }

    [Fact]
    public void The_build_marks_a_copy_and_leaves_what_the_copys_name_was_a_link_to()
    {
        var library = PackagedLibrary();
        var before = File.ReadAllBytes(library);
        var copy = Path.Combine(_folder, "out", "libLibTorchSharp.so");
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        if (!OperatingSystem.IsWindows()) File.CreateSymbolicLink(copy, library); // there it takes a right that few have

        Assert.Contains("is marked as weak", Weaken(library, copy, always: true));

        Assert.Equal(before, File.ReadAllBytes(library));
        Assert.Null(new FileInfo(copy).LinkTarget);
        Assert.False(ElfVersions.TryWeaken(File.ReadAllBytes(copy), Version, out var reason));
        Assert.Equal($"{Version} is marked as weak already", reason);
    }

    [Fact]
    public void A_build_for_this_system_marks_only_what_this_system_lacks()
    {
        var copy = Path.Combine(_folder, "libLibTorchSharp.so");

        var output = Weaken(PackagedLibrary(), copy, always: false);

        Assert.Equal(output.Contains($"stays as it is: this system has {Version}", StringComparison.Ordinal), !File.Exists(copy));
    }

    [Fact]
    public void The_build_says_why_it_leaves_a_file_that_it_does_not_know()
    {
        var library = Path.Combine(_folder, "libOther.so");
        File.WriteAllText(library, "not a library");
        var copy = Path.Combine(_folder, "copy.so");

        Assert.Contains("libOther.so stays as it is: it is not a 64-bit little-endian ELF file.", Weaken(library, copy, always: true));

        Assert.False(File.Exists(copy));
    }

    private static bool IsLibtorch(string package) =>
        package.Contains("torch", StringComparison.OrdinalIgnoreCase) && package != "TorchSharp";

    private static List<string> Packages(params string[] options)
    {
        using var items = JsonDocument.Parse(BuildCommand.Run(
            ["msbuild", RepositoryRoot.File("src", "Rer.Engine", "Rer.Engine.csproj"), "-getItem:PackageReference", .. options]));
        return [.. items.RootElement.GetProperty("Items").GetProperty("PackageReference").EnumerateArray()
            .Select(item => item.GetProperty("Identity").GetString()!)];
    }

    /// <summary>The build's messages on the task alone.</summary>
    private string Weaken(string library, string copy, bool always)
    {
        var project = Path.Combine(_folder, "weaken.proj");
        File.WriteAllText(project, $"""
            <Project>
              <Import Project="{RepositoryRoot.File("build", "Torch.targets")}" />
              <Target Name="Weaken">
                <Rer.Build.WeakenVersionNeed Library="{library}" Version="{Version}" Copy="{copy}" Always="{always}" />
              </Target>
            </Project>
            """);
        return BuildCommand.Run("msbuild", project, "-t:Weaken", "-v:normal", "-nologo");
    }

    private static string PackagedLibrary()
    {
        var packages = typeof(TorchPackageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(data => data.Key == "PackageFolder").Value!;
        var version = typeof(torch).Assembly.GetName().Version!.ToString(3);
        return Path.Combine(packages, "torchsharp", version, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");
    }
}
