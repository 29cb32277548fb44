using Microsoft.Playwright;

namespace Rer.Web.Tests.Browser;

/// <summary>The browser that tests drive: Debian's chromium, or the one that CHROMIUM names.</summary>
public static class Chromium
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    // Nothing but the page under test may use the network.
    private static readonly string[] Flags =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    /// <summary>Where it is; null where there is none.</summary>
    public static string? Path { get; } =
        new[] { Environment.GetEnvironmentVariable("CHROMIUM") }.Concat(Places).FirstOrDefault(File.Exists);

    /// <summary>Why browser tests are skipped; null where they run.</summary>
    public static string? WhyNot => Path is null ? $"no browser: none of {string.Join(", ", Places)}; set CHROMIUM" : null;

    /// <summary>Starts one with a profile of its own.</summary>
    public static async Task<IBrowser> Launch(IPlaywright playwright) =>
        await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Path, Headless = true, Args = Flags });
}
