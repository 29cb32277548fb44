using System.ComponentModel;
using System.Diagnostics;

namespace Rer.Web.Hosting;

/// <summary>Shows the dashboard to the person who started it, where that person sits before a screen.</summary>
internal static class BrowserWindow
{
    /// <summary>Whether this process was started from a terminal beside which a browser's window can open.</summary>
    public static bool CanOpen => !Console.IsOutputRedirected && HasScreen(Environment.GetEnvironmentVariable);

    /// <summary>Opens the first of the addresses that the server listens on. Where no browser takes it, nothing happens.</summary>
    public static void Open(IEnumerable<string> addresses)
    {
        var address = Reachable(addresses.First());
        var opener = OperatingSystem.IsMacOS() ? "open" : "xdg-open";
        // The shell keeps what the browser prints out of the terminal.
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo(address) { UseShellExecute = true }
            : new ProcessStartInfo("/bin/sh", ["-c", $"exec {opener} \"$0\" >/dev/null 2>&1", address]);
        try
        {
            Process.Start(start)?.Dispose();
        }
        catch (Win32Exception)
        {
            // No browser is set up: the address stands in the terminal.
        }
    }

    /// <summary>Linux tells of a screen by its display's name; elsewhere there is one, save in a session over SSH.</summary>
    internal static bool HasScreen(Func<string, string?> variable) => OperatingSystem.IsLinux()
        ? !string.IsNullOrEmpty(variable("DISPLAY")) || !string.IsNullOrEmpty(variable("WAYLAND_DISPLAY"))
        : string.IsNullOrEmpty(variable("SSH_CONNECTION"));

    /// <summary>An address that a browser on this machine can ask for: a server on every address is on localhost too.</summary>
    internal static string Reachable(string address) => address.Replace("//0.0.0.0:", "//localhost:").Replace("//[::]:", "//localhost:");
}
