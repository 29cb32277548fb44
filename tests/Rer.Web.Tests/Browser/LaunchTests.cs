using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Rer.Engine.Playground;

namespace Rer.Web.Tests.Browser;

/// <summary>The product's main job on the real engine and the models that ship: toggle, launch, watch, leave, come back.</summary>
public sealed class LaunchTests
{
    // A few prompts and short steps, more of them than a slow browser needs: what is tested is the way, not the science.
    private const string TinyPlan =
        "?steps=2000&batch-size=4&mini-batch-size=4&epochs=1&max-response-tokens=16"
        + "&eval-every=2&eval-queries=6&eval-responses=2&eval-batch-size=6&items=1";

    [BrowserFact]
    public async Task A_launched_run_is_watched_live_and_goes_on_without_a_browser()
    {
        Assert.NotNull(PlaygroundPlans.Find());
        await using var server = await DashboardServer.Start();
        string address;
        int seen;
        await using (var browser = await BrowserSession.Open(server.Address))
        {
            await browser.Go(TinyPlan);
            var page = browser.Page;
            await Assertions.Expect(page.Locator("[data-first]")).ToContainTextAsync("press Launch run");
            await page.GetByLabel("LI for open-ended queries").UncheckAsync();
            await Assertions.Expect(page.GetByLabel("Formula in text")).ToHaveValueAsync("OE: RP*QR; CE: RP*RAR");
            await Assertions.Expect(page.Locator("[data-preview] [data-proxy]")).ToHaveCountAsync(5);

            await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Launch run" }).ClickAsync();
            await Assertions.Expect(page).ToHaveURLAsync(new Regex("/runs/"));
            address = new Uri(page.Url).AbsolutePath[1..];
            await Evaluations(page, 1);
            await Evaluations(page, 3);
            seen = server.Store.Runs()[0].Points.Count;
            browser.AssertQuiet();
        }

        await WaitUntil(() => server.Store.Runs()[0].Points.Count > seen + 1);

        await using (var browser = await BrowserSession.Open(server.Address))
        {
            await browser.Go("");
            await Assertions.Expect(browser.Page.Locator("[data-preview] [data-proxy]")).ToHaveCountAsync(5);
            await Assertions.Expect(browser.Page.Locator("[data-first]")).ToHaveCountAsync(0);
            await browser.Go(address);
            await browser.ChartsDrawn();
            await Evaluations(browser.Page, seen + 2);
            await browser.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Stop" }).ClickAsync();
            await browser.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save and stop" }).ClickAsync();
            await Assertions.Expect(browser.Page.Locator("h1 .state")).ToContainTextAsync("stopped");
            browser.AssertQuiet();
        }
    }

    // The verdict's panel counts the checkpoints that the chart shows.
    private static Task<IJSHandle> Evaluations(IPage page, int least) => page.WaitForFunctionAsync(
        "least => { const rows = [...document.querySelectorAll('[data-verdict] dt')]; const row = rows.find(r => r.textContent === "
            + "'checkpoints'); return row && +row.nextElementSibling.textContent >= least; }",
        least,
        new PageWaitForFunctionOptions { Timeout = 120_000 });

    private static async Task WaitUntil(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!condition()) await Task.Delay(100, patience.Token);
    }
}
