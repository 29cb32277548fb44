using Microsoft.Playwright;
using Rer.Web.Tests.Stores;

namespace Rer.Web.Tests.Browser;

/// <summary>Pictures of every page, both themes, wide and narrow; taken where RER_SCREENSHOTS names a folder.</summary>
public sealed class Screenshots
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("RER_SCREENSHOTS");
    private static readonly string? Only = Environment.GetEnvironmentVariable("RER_SCREENSHOTS_ONLY");

    private const string LabText = "?q=Explain%20how%20an%20octopus%20changes%20colour.&a=Octopuses%20change%20colour%20with%20small%20sacs%20of%20pigment.%20Muscles%20around%20each%20sac%20pull%20it%20open%20within%20a%20fraction%20of%20a%20second%2C%20so%20the%20animal%20can%20match%20sand%2C%20coral%20or%20weed.%20It%20is%20a%20very%20good%20trick%20and%20it%20is%20a%20very%20good%20trick.";

    private static readonly (string Name, string Path)[] Pages =
    [
        ("design", Environment.GetEnvironmentVariable("RER_SCREENSHOTS_DESIGN") ?? ""), ("runs", "runs"), ("run", "runs/260730-0900-lirp-s1"), ("run-raw", "runs/260730-0900-lirp-s1?scale=raw"),
        ("rollouts", "runs/260730-0900-lirp-s1/rollouts"),
        ("compare", "compare?runs=260730-0900-li-s1,260730-0900-li-s2,260730-0900-li-s3,260730-0900-lirp-s1,260730-0900-lirpqr-s1,260730-0900-lirpqr-s2,260730-0900-rer-s1,260730-0900-rer-s2,260730-0900-rer-s3"),
        ("sweep", "sweeps/260730-0900-sweep"), ("library", "library"), ("feature", "features"), ("lab", "lab" + LabText), ("lab-two", "lab?mode=two&" + LabText[1..] + "&b=A%20short%20one."),
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
