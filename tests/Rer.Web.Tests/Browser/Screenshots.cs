using Microsoft.Playwright;
using Rer.Web.Tests.Stores;

namespace Rer.Web.Tests.Browser;

/// <summary>Pictures of every page, both themes, wide and narrow; taken where RER_SCREENSHOTS names a folder.</summary>
public sealed class Screenshots
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("RER_SCREENSHOTS");
    private static readonly string? Only = Environment.GetEnvironmentVariable("RER_SCREENSHOTS_ONLY");

    private static readonly (string Name, string Path)[] Pages =
    [
        ("design", Environment.GetEnvironmentVariable("RER_SCREENSHOTS_DESIGN") ?? ""), ("runs", "runs"), ("run", "runs/260730-0900-lirp-s1"), ("run-raw", "runs/260730-0900-lirp-s1?scale=raw"),
        ("rollouts", "runs/260730-0900-lirp-s1/rollouts"),
    ];

    [BrowserFact]
    public async Task Every_page_in_both_themes_wide_and_narrow()
    {
        if (Folder is null) return;
        Directory.CreateDirectory(Folder);
        await using var server = await DashboardServer.Start((_, _) => throw new InvalidOperationException("screenshots train nothing"), SampleStore.Fill);
        foreach (var dark in new[] { false, true })
            foreach (var width in new[] { 1440, 390 })
            {
                await using var browser = await BrowserSession.Open(server.Address, dark, width);
                foreach (var (name, path) in Pages.Where(p => Only is null || Only.Split(',').Contains(p.Name)))
                {
                    await browser.Go(path);
                    await browser.Page.WaitForTimeoutAsync(1500);
                    await browser.Page.ScreenshotAsync(new PageScreenshotOptions
                    {
                        Path = Path.Combine(Folder, $"{name}-{width}-{(dark ? "dark" : "light")}.png"),
                        FullPage = true,
                    });
                    foreach (var error in browser.Errors) Console.WriteLine($"{name}: {error}");
                }
            }
    }
}
