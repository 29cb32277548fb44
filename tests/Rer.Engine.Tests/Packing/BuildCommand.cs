using System.Diagnostics;

namespace Rer.Engine.Tests.Packing;

/// <summary>`dotnet` as a developer calls it, in a process of its own.</summary>
internal static class BuildCommand
{
    /// <summary>What the command printed; the test fails where it does.</summary>
    public static string Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = RepositoryRoot.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // `dotnet test` sets these for itself.
        foreach (var name in start.Environment.Keys.Where(key => key.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        // No process that stays behind and holds files of this test.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var command = string.Join(' ', arguments);
        Assert.True(process.ExitCode == 0, $"dotnet {command} ended with {process.ExitCode}:\n{output}\n{error.Result}");
        return output;
    }
}
