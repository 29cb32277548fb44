using System.Diagnostics;

namespace Rer.Engine.Tests.Packing;

/// <summary>
/// scripts/cuda-check.sh: what it packs must work where there is no .NET, on a libtorch that lies there. A GPU is not to be had here, and
/// in the place of a Python torch stands the libtorch that these tests run on.
/// </summary>
public sealed class CudaCheckPackTests : IDisposable
{
    private const long Limit = 64 << 20;

    private readonly string _folder = Directory.CreateTempSubdirectory("rer-pack-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_pack_is_small_and_checks_a_device_without_NET()
    {
        if (!OperatingSystem.IsLinux()) return; // it packs for Linux, by tools of Linux
        var pack = Path.Combine(_folder, "pack.tar.gz");
        Run(RepositoryRoot.File("scripts", "cuda-check.sh"), "pack", pack);
        Assert.InRange(new FileInfo(pack).Length, 1, Limit);

        Run("/usr/bin/env", "tar", "-xzf", pack, "-C", _folder);
        var rer = Path.Combine(_folder, "rer-cuda-check", "rer");
        Assert.Equal(["libLibTorchSharp.so"], Directory.EnumerateFiles(Path.Combine(rer, "check"), "lib*orch*").Select(Path.GetFileName));
        var output = Run(Path.Combine(rer, "scripts", "cuda-check.sh"), "run", "--device", "cpu", "--small");

        Assert.Matches(@"(\d+) of the \1 symbols that TorchSharp asks for", output);
        Assert.Contains(", 0 failed, ", output);
        if (Fixtures.WhyNot is null) Assert.Contains(", 0 skipped", output);
        Assert.Contains("every step once: yes; evaluations at 0, 10, 20: yes; losses finite: yes", output);
    }

    /// <summary>Standard output of a program that must succeed, run where no .NET is known.</summary>
    private string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (arguments[0] == "run")
        {
            start.Environment["DOTNET_ROOT"] = Path.Combine(_folder, "nowhere");
            start.Environment["LIBTORCH"] = AppContext.BaseDirectory.TrimEnd('/');
        }
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var command = $"{program} {string.Join(' ', arguments)}";
        Assert.True(process.ExitCode == 0, $"{command} ended with {process.ExitCode}:\n{output}\n{error.Result}");
        return output;
    }
}
