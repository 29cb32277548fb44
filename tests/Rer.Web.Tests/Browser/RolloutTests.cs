using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Rer.Web.Tests.Browser;

/// <summary>Responses of a run under another design than its own.</summary>
public sealed class RolloutTests(SampleServer sample) : IClassFixture<SampleServer>
{
    private const string Page = $"runs/{SampleServer.RunId}/rollouts";

    [BrowserFact]
    public async Task A_response_is_scored_under_another_design_and_the_link_shows_the_same()
    {
        await using var browser = await BrowserSession.Open(sample.Address);
        await browser.Go(Page + "?item=1&show=0,2500,5000");
        var page = browser.Page;
        await Assertions.Expect(page.Locator("[data-rescored]")).ToContainTextAsync("Under RER this response would score");
        await page.Keyboard.PressAsync("u");
        await page.Keyboard.TypeAsync("RER");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("under=RER"));
        // A closed-ended query: RER's row for it.
        await Assertions.Expect(page.Locator("[data-breakdown] thead")).ToContainTextAsync("RAR");
        await Assertions.Expect(page.Locator("[data-breakdown] thead")).ToContainTextAsync("Under RER");
        await Assertions.Expect(page.Locator("[data-breakdown] thead")).Not.ToContainTextAsync("LI");

        // RP and RAR as stored, RAR stretched from 0..3.5 to 0..5.12: the plan measures relevance with Contriever or the like.
        var rollout = sample.Store.Rollouts(new() { RunId = SampleServer.RunId, Item = 1, Sample = 0, Step = 5000 }).Rows[0].Rollout;
        var plan = sample.Store.Run(SampleServer.RunId)!.Plan;
        var ceiling = Rer.Engine.Rewards.Relevance.RelevanceModels.CeilingOf(plan.Relevance);
        var expected = rollout.Features["RP"] * rollout.Features["RAR"] / ceiling * plan.Ppo.MaxResponseTokens / 100;
        await Assertions.Expect(page.Locator("[data-breakdown] tbody tr").Last)
            .ToContainTextAsync(expected.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture));

        await using var other = await BrowserSession.Open(sample.Address, dark: true, width: 390);
        await other.Go(page.Url[sample.Address.Length..]);
        await Assertions.Expect(other.Page.Locator("[data-breakdown] thead")).ToContainTextAsync("Under RER");
        Assert.Equal(0, await other.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth"));

        await page.Locator("body").ClickAsync(new LocatorClickOptions { Position = new Position { X = 2, Y = 300 } });
        await page.Keyboard.PressAsync("j");
        await Assertions.Expect(page).Not.ToHaveURLAsync(new Regex("item=1&"));
        Assert.Contains("under=RER", page.Url, StringComparison.Ordinal);
        await page.GetByText("The run’s own").ClickAsync();
        await Assertions.Expect(page).Not.ToHaveURLAsync(new Regex("under="));
        browser.AssertQuiet();
        other.AssertQuiet();
    }

    [BrowserFact]
    public async Task A_design_that_cannot_be_read_is_said_and_the_runs_own_stays()
    {
        await using var browser = await BrowserSession.Open(sample.Address);
        await browser.Go(Page + "?under=LI*XX");
        await Assertions.Expect(browser.Page.Locator("#under-error")).ToContainTextAsync("'XX' is not known");
        await Assertions.Expect(browser.Page.Locator("[data-breakdown] thead")).ToContainTextAsync("LI");
        browser.AssertQuiet();
    }

    [BrowserFact]
    public async Task Any_checkpoints_stand_side_by_side_with_what_changed_marked()
    {
        await using var browser = await BrowserSession.Open(sample.Address);
        await browser.Go(Page + "?item=0&show=0");
        var page = browser.Page;
        await Assertions.Expect(page.Locator(".texts > section")).ToHaveCountAsync(2);
        await page.GetByLabel("step 3,000").CheckAsync(new LocatorCheckOptions { Force = true });
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("show=0[^/]*3000"));
        await Assertions.Expect(page.Locator(".texts > section")).ToHaveCountAsync(3);
        await Assertions.Expect(page.Locator(".texts ins").First).ToBeVisibleAsync();
        await page.GetByLabel("off", new PageGetByLabelOptions { Exact = true }).CheckAsync(new LocatorCheckOptions { Force = true });
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("diff=off"));
        await Assertions.Expect(page.Locator(".texts ins")).ToHaveCountAsync(0);
        browser.AssertQuiet();
    }
}
