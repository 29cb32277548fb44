using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Rer.Engine.Playground;

namespace Rer.Web.Tests.Browser;

/// <summary>What the Design page does besides launching a run.</summary>
public sealed class DesignTests
{
    private static InvalidOperationException NoTraining => new("Nothing is trained here.");

    [BrowserFact]
    public async Task A_newcomer_sees_the_time_without_asking_and_measures_again_by_key()
    {
        Assert.NotNull(PlaygroundPlans.Find());
        using var go = new SemaphoreSlim(0);
        var measured = 0;
        await using var server = await DashboardServer.Start((_, _) => throw NoTraining, measure: (_, progress, cancellation) =>
        {
            progress(2);
            go.Wait(cancellation);
            measured++;
            return DashboardServer.Measured;
        });
        await using var browser = await BrowserSession.Open(server.Address);
        var page = browser.Page;
        await browser.Go("");
        await Assertions.Expect(page.Locator("[data-launch-time]")).ToHaveTextAsync("measuring the time");
        await Assertions.Expect(page.Locator("[data-measured]")).ToContainTextAsync("Measuring, part 2 of 5");
        go.Release();
        // 1,000 steps and 11 evaluations: 294 to 588 s; the study is nine of them.
        await Assertions.Expect(page.Locator("[data-launch-time]")).ToHaveTextAsync("5 to 10 min");
        await Assertions.Expect(page.Locator("[data-cost-time]")).ToHaveTextAsync("5 to 10 min");
        await Assertions.Expect(page.Locator("[data-study-time]")).ToHaveTextAsync("9 runs, 44 min to 1 h 28 min");
        await Assertions.Expect(page.Locator("[data-measured]")).ToContainTextAsync("One step measured just now with this plan.");

        await page.Keyboard.PressAsync("m");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Cancel" }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-measured]")).ToContainTextAsync("given up");
        Assert.Equal(1, measured);

        // The next visit knows it and asks nobody.
        await browser.Go("?design=LI");
        await Assertions.Expect(page.Locator("[data-launch-time]")).ToHaveTextAsync("5 to 10 min");
        browser.AssertQuiet();
    }

    [BrowserFact]
    public async Task A_pasted_item_is_a_row_of_its_own_scored_with_the_rest_and_in_the_address()
    {
        await using var server = await DashboardServer.Start((_, _) => throw NoTraining);
        await using var browser = await BrowserSession.Open(server.Address);
        var page = browser.Page;
        await browser.Go("?design=LI");
        await Assertions.Expect(page.Locator("[data-preview] [data-proxy]")).ToHaveCountAsync(5);
        await page.Keyboard.PressAsync("v");
        await page.GetByLabel("Query", new PageGetByLabelOptions { Exact = true }).FillAsync("Where does the frog live?");
        await page.GetByLabel("Response", new PageGetByLabelOptions { Exact = true })
            .FillAsync("The frog lives by the pond. The frog lives by the pond.");
        await page.GetByLabel("closed-ended", new PageGetByLabelOptions { Exact = true }).CheckAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Add to the preview" }).ClickAsync();
        var row = page.Locator("[data-pasted]");
        await Assertions.Expect(row.Locator("[data-proxy]")).ToHaveTextAsync("0.14");
        await Assertions.Expect(page.Locator("[data-preview] [data-proxy]")).ToHaveCountAsync(6);

        await page.GetByLabel("RP for all queries").CheckAsync();
        await Assertions.Expect(row.Locator("[data-proxy]")).Not.ToHaveTextAsync("0.14");
        await Assertions.Expect(row).ToContainTextAsync("was 0.14");
        await Assertions.Expect(page.Locator("[data-rho-before]")).ToContainTextAsync("under LI");

        var address = page.Url;
        await page.GotoAsync("about:blank");
        await page.GotoAsync(address);
        await Assertions.Expect(page.Locator("[data-pasted]")).ToContainTextAsync("Where does the frog live?");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Edit the pasted item" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Remove" }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-preview] [data-proxy]")).ToHaveCountAsync(5);
        Assert.DoesNotContain("paste", page.Url, StringComparison.Ordinal);
        browser.AssertQuiet();
    }

    [BrowserFact]
    public async Task A_small_policy_under_the_papers_options_is_offered_its_own()
    {
        await using var server = await DashboardServer.Start((_, _) => throw NoTraining);
        await using var browser = await BrowserSession.Open(server.Address);
        var page = browser.Page;
        await browser.Go("?learning-rate=1e-5&kl-coefficient=0.2&mini-batch-size=2&gradient-accumulation=4");
        var banner = page.Locator("[data-small-policy]");
        await Assertions.Expect(banner).ToContainTextAsync("The policy has 0.99 million parameters");
        await banner.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(banner).ToHaveCountAsync(0);
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("detach-value-head=true"));
        await Assertions.Expect(page.GetByLabel("Learning rate", new PageGetByLabelOptions { Exact = true })).ToHaveValueAsync("5e-4");
        browser.AssertQuiet();
    }

    [BrowserFact]
    public async Task The_grid_that_is_chosen_is_in_the_address()
    {
        await using var server = await DashboardServer.Start((_, _) => throw NoTraining);
        await using var browser = await BrowserSession.Open(server.Address);
        var page = browser.Page;
        await browser.Go("");
        var designs = page.GetByRole(AriaRole.Group, new PageGetByRoleOptions { Name = "Designs" });
        await designs.GetByLabel("LI*RP", new LocatorGetByLabelOptions { Exact = true }).UncheckAsync();
        await page.GetByLabel("Seeds", new PageGetByLabelOptions { Exact = true }).FillAsync("4, 5");
        await page.GetByLabel("Name", new PageGetByLabelOptions { Exact = true }).FillAsync("two seeds");
        await page.GetByLabel("Name", new PageGetByLabelOptions { Exact = true }).BlurAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("sweep=two"));
        await browser.Go(page.Url[server.Address.Length..]);
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Launch grid of 6" })).ToBeEnabledAsync();
        await Assertions.Expect(designs.GetByLabel("LI*RP", new LocatorGetByLabelOptions { Exact = true })).Not.ToBeCheckedAsync();
        await Assertions.Expect(page.GetByLabel("Name", new PageGetByLabelOptions { Exact = true })).ToHaveValueAsync("two seeds");
        browser.AssertQuiet();
    }
}
