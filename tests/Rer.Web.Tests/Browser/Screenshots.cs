using Microsoft.Playwright;
using Rer.Web.Tests.Stores;

namespace Rer.Web.Tests.Browser;

/// <summary>Pictures of every page, both themes, wide and narrow; `scripts/screenshots.sh` takes them into `docs/screenshots`.</summary>
public sealed class Screenshots
{
    private const string LabText =
        "?q=Explain%20how%20an%20octopus%20changes%20colour."
        + "&a=Octopuses%20change%20colour%20with%20small%20sacs%20of%20pigment.%20"
        + "Muscles%20around%20each%20sac%20pull%20it%20open%20within%20a%20fraction%20of%20a%20second%2C%20"
        + "so%20the%20animal%20can%20match%20sand%2C%20coral%20or%20weed.%20"
        + "It%20is%20a%20very%20good%20trick%20and%20it%20is%20a%20very%20good%20trick.";

    private const string Compared =
        "compare?runs=260730-0900-li-s1,260730-0900-li-s2,260730-0900-li-s3,260730-0900-lirp-s1,260730-0900-lirpqr-s1,"
        + "260730-0900-lirpqr-s2,260730-0900-rer-s1,260730-0900-rer-s2,260730-0900-rer-s3";

    private static readonly string? Folder = Environment.GetEnvironmentVariable("RER_SCREENSHOTS");
    private static readonly string? Only = Environment.GetEnvironmentVariable("RER_SCREENSHOTS_ONLY");

    private static readonly (string Name, string Path, string? Key, string? Wait)[] Pages =
    [
        ("design", "", null, "[data-preview]"), ("design-paste", "?design=LI*RP", "v", "[data-paste]"),
        ("design-refused", "?policy=/none&clip-range=1.4&batch-size=0", "Control+Enter", ".refused"), ("runs", "runs", null, null),
        ("runs-flat", "runs?group=none", null, null), ("runs-columns", "runs", "l", "[data-columns]"),
        ("runs-sweeps", "runs?group=sweep", null, null),
        ("runs-none", "runs?q=nothing&starred=true", null, null), ("run", $"runs/{SampleServer.RunId}", null, null),
        ("run-raw", $"runs/{SampleServer.RunId}?scale=raw", null, null), ("run-queued", "runs/260730-0900-liqr-s2", null, null),
        ("run-failed", "runs/260730-0900-liqr-s1", null, null), ("rollouts", $"runs/{SampleServer.RunId}/rollouts", null, ".li"),
        ("rollouts-under", $"runs/{SampleServer.RunId}/rollouts?item=5&show=0,2500,5000&under=RER", null, ".li"),
        ("rollouts-none", $"runs/{SampleServer.RunId}/rollouts?q=nothing", null, ".empty"),
        ("compare", Compared, null, null), ("compare-raw", Compared + "&scale=raw&seeds=each&numbers=ProxyAndGold%20RER", null, null),
        ("sweep", "sweeps/260730-0900-sweep", null, null),
        ("library", "library", null, null), ("library-import", "library", Import, ".importgrid"),
        ("feature", "features", null, "[data-preview]"),
        ("feature-wrong",
            "features?draft=%7B%22symbol%22%3A%22OWN%22%2C%22kind%22%3A%22Expression%22%2C%22source%22%3A%22min(wrods%2C%20150)%22%7D",
            null, ".sourceerror"),
        ("lab", "lab" + LabText, null, "[data-scores]"),
        ("lab-two", "lab?mode=two&" + LabText[1..] + "&b=A%20short%20one.", null, "[data-preferred]"),
        ("lab-pairs", "lab?mode=pairs&design=LI*RP&scored=True", null, "[data-bench] table"),
        ("keys", $"runs/{SampleServer.RunId}", "?", "#key-sheet[open]"), ("palette", "runs", "Control+k", ".palette"),
        ("not-found", "runs/none", null, null),
    ];

    // A file on its way into the library: foreign names, a type to be mapped, a row that cannot be read.
    private const string Import = "import";
    private const string Imported = "ticket,question,answer,category\n1,How do I reset my password?,Press Forgot "
        + "password.,fact\n2,,None.,fact\n3,What would you do first?,It depends.,advice\n4,Any tips for the move?,,other\n";

    [BrowserFact]
    public async Task Every_page_in_both_themes_wide_and_narrow()
    {
        if (Folder is null) return;
        Directory.CreateDirectory(Folder);
        await using var server =
            await DashboardServer.Start((plan, context) => new ScriptedSession(plan, context, TimeSpan.FromHours(1)), SampleStore.Fill);
        server.Measure();
        await SampleStore.Train(server.Store, server.Coordinator, SampleServer.RunId);
        foreach (var dark in new[] { false, true })
            foreach (var width in new[] { 1440, 390 })
            {
                await using var browser = await BrowserSession.Open(server.Address, dark, width);
                foreach (var (name, path, key, wait) in Pages.Where(p => Only is null || Only.Split(',').Contains(p.Name)))
                {
                    await browser.Go(path);
                    await browser.Page.SetViewportSizeAsync(width, 1000);
                    if (key == Import) await Map(browser);
                    else if (key is not null) await Pressed(browser.Page, key, wait!);
                    if (wait is not null) await browser.Page.WaitForSelectorAsync(wait);
                    await browser.Page.WaitForTimeoutAsync(1500);
                    // As high as the page: what is fixed to an edge then lies at the picture's.
                    if (key is not ("?" or "Control+k"))
                        await browser.Page.SetViewportSizeAsync(width,
                            Math.Max(width > 720 ? 900 : 844,
                                await browser.Page.EvaluateAsync<int>("() => document.documentElement.scrollHeight")));
                    await browser.Page.WaitForTimeoutAsync(500);
                    await HideFolders(browser.Page, server.Store.Folder);
                    var picture = await browser.Page.ScreenshotAsync();
                    await File.WriteAllBytesAsync(Path.Combine(Folder, $"{name}-{width}-{(dark ? "dark" : "light")}.png"),
                        IndexedPng.Of(picture));
                }
                browser.AssertQuiet();
            }
    }

    // The page answers to keys once its circuit stands. On a busy machine a page may begin anew in between, and forget the key.
    private static async Task Pressed(IPage page, string key, string wait)
    {
        for (var tries = 1; ; tries++)
        {
            await page.WaitForTimeoutAsync(1500);
            await page.Keyboard.PressAsync(key);
            try
            {
                await page.WaitForSelectorAsync(wait, new PageWaitForSelectorOptions { Timeout = 15_000 });
                return;
            }
            catch (TimeoutException) when (tries < 3)
            {
            }
        }
    }

    // Where the machine that takes the pictures keeps things is nobody's business.
    private static async Task HideFolders(IPage page, string store)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Rer.sln"))) root = root.Parent!;
        await page.EvaluateAsync(
            """
            folders => {
              const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              while (texts.nextNode()) for (const [from, to] of folders) texts.currentNode.data = texts.currentNode.data.replaceAll(from, to);
            }
            """,
            new[] { new[] { store, "/srv/rer/store" }, [root.FullName, "/srv/rer"] });
    }

    private static async Task Map(BrowserSession browser)
    {
        var page = browser.Page;
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Import a prompt set" }).ClickAsync();
        await browser.Choose("support-mail.csv", Imported);
        await page.GetByLabel("Type for fact").SelectOptionAsync("ClosedEnded");
        await page.GetByLabel("Type for advice").SelectOptionAsync("OpenEnded");
    }
}
