using System.Diagnostics;

namespace Rer.Web.Tests.Api;

/// <summary>A test that needs Node.js and a registry of its packages; skipped, saying so, where one of them is missing.</summary>
public sealed class NodeFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> _whyNot = new(WhyNot);

    public NodeFactAttribute() => Skip = _whyNot.Value;

    private static string? WhyNot()
    {
        if (!Runs("node", "--version") || !Runs("npm", "--version")) return "no Node.js: node and npm are not on PATH";
        return Runs("npm", "view", "openapi-typescript@7.13.0", "version", "--fetch-retries=0", "--fetch-timeout=10000") ? null
            : "no registry: npm cannot fetch openapi-typescript";
    }

    private static bool Runs(string program, params string[] arguments)
    {
        try
        {
            using var process =
                Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
