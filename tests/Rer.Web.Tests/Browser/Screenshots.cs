using Microsoft.Playwright;
using Rer.Engine.Runs;
using Rer.Web.Tests.Stores;

namespace Rer.Web.Tests.Browser;

/// <summary>Pictures of every page, both themes, wide and narrow; `scripts/screenshots.sh` takes them into `docs/screenshots`.</summary>
public sealed class Screenshots
{
    private const string LabText = "?q=Explain%20how%20an%20octopus%20changes%20colour.&a=Octopuses%20change%20colour%20with%20small%20sacs%20of%20pigment.%20Muscles%20around%20each%20sac%20pull%20it%20open%20within%20a%20fraction%20of%20a%20second%2C%20so%20the%20animal%20can%20match%20sand%2C%20coral%20or%20weed.%20It%20is%20a%20very%20good%20trick%20and%20it%20is%20a%20very%20good%20trick.";

    private const string Compared = "compare?runs=260730-0900-li-s1,260730-0900-li-s2,260730-0900-li-s3,260730-0900-lirp-s1,260730-0900-lirpqr-s1,260730-0900-lirpqr-s2,260730-0900-rer-s1,260730-0900-rer-s2,260730-0900-rer-s3";

    private static readonly string? Folder = Environment.GetEnvironmentVariable("RER_SCREENSHOTS");
    private static readonly string? Only = Environment.GetEnvironmentVariable("RER_SCREENSHOTS_ONLY");

    private static readonly (string Name, string Path, string? Key)[] Pages =
    [
        ("design", "", null), ("design-refused", "?policy=/none&clip-range=1.4&batch-size=0", "Control+Enter"), ("runs", "runs", null), ("runs-flat", "runs?group=none", null), ("runs-sweeps", "runs?group=sweep", null),
        ("runs-none", "runs?q=nothing&starred=true", null), ("run", $"runs/{SampleServer.RunId}", null), ("run-raw", $"runs/{SampleServer.RunId}?scale=raw", null), ("run-queued", "runs/260730-0900-liqr-s2", null),
        ("run-failed", "runs/260730-0900-liqr-s1", null), ("rollouts", $"runs/{SampleServer.RunId}/rollouts", null), ("compare", Compared, null), ("sweep", "sweeps/260730-0900-sweep", null),
        ("library", "library", null), ("feature", "features", null), ("lab", "lab" + LabText, null), ("lab-two", "lab?mode=two&" + LabText[1..] + "&b=A%20short%20one.", null), ("keys", $"runs/{SampleServer.RunId}", "?"), ("palette", "runs", "Control+k"),
    ];

    [BrowserFact]
    public async Task Every_page_in_both_themes_wide_and_narrow()
    {
        if (Folder is null) return;
        Directory.CreateDirectory(Folder);
        await using var server = await DashboardServer.Start((plan, context) => new ScriptedSession(plan, context, TimeSpan.FromHours(1)), SampleStore.Fill);
        await SampleStore.Train(server.Store, server.Coordinator, SampleServer.RunId);
        foreach (var dark in new[] { false, true })
            foreach (var width in new[] { 1440, 390 })
            {
                await using var browser = await BrowserSession.Open(server.Address, dark, width);
                foreach (var (name, path, key) in Pages.Where(p => Only is null || Only.Split(',').Contains(p.Name)))
                {
                    await browser.Go(path);
                    if (name == "design") await browser.Page.WaitForSelectorAsync("[data-preview]");
                    await browser.Page.WaitForTimeoutAsync(1500);
                    if (key is not null) await browser.Page.Keyboard.PressAsync(key);
                    if (key is not null) await browser.Page.WaitForTimeoutAsync(300);
                    var picture = await browser.Page.ScreenshotAsync(new PageScreenshotOptions { FullPage = key is null or "Control+Enter" });
                    await File.WriteAllBytesAsync(Path.Combine(Folder, $"{name}-{width}-{(dark ? "dark" : "light")}.png"), IndexedPng.Of(picture));
                }
                browser.AssertQuiet();
            }
    }
}
