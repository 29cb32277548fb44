using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Rer.Engine.Runs;
using Rer.Web.Tests.Stores;

namespace Rer.Web.Tests.Browser;

/// <summary>A grid of designs and seeds, from the button to its page.</summary>
public sealed class SweepTests
{
    [BrowserFact]
    public async Task The_study_is_queued_as_one_sweep_and_one_of_its_runs_is_moved_and_stopped()
    {
        await using var server =
            await DashboardServer.Start((plan, context) => new ScriptedSession(plan, context, TimeSpan.FromMilliseconds(50)));
        await using var browser = await BrowserSession.Open(server.Address);
        await browser.Go("?steps=100000");
        var page = browser.Page;
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Run the study" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/sweeps/"));
        await Assertions.Expect(page.Locator("tr[data-run]")).ToHaveCountAsync(9);
        await Assertions.Expect(page.Locator("tr[data-run] .state").First).ToContainTextAsync("running");

        await page.GetByLabel("Move RER seed 3 up the queue").ClickAsync();
        await Assertions.Expect(page.Locator("tr[data-run]").Nth(7)).ToContainTextAsync("RER seed 3");
        await page.GetByLabel("Stop RER seed 3", new PageGetByLabelOptions { Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("tr[data-run]", new PageLocatorOptions { HasText = "RER seed 3" }).Locator(".state"))
            .ToContainTextAsync("stopped");
        Assert.Equal(RunState.Stopped, server.Store.Runs().Single(r => r.Plan.Design.Title == "RER" && r.Plan.Seed == 3).State);
        Assert.Equal(7, server.Store.Runs().Count(r => r.State == RunState.Queued));
        browser.AssertQuiet();
    }
}
