using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Rer.Web.Tests.Browser;

/// <summary>A feature of the user's own, from its first word to a design that uses it.</summary>
public sealed class FeatureTests
{
    [BrowserFact]
    public async Task A_feature_is_written_tested_saved_and_used_in_a_design()
    {
        await using var server = await DashboardServer.Start((_, _) => throw new InvalidOperationException("Nothing is trained here."));
        await using var browser = await BrowserSession.Open(server.Address);
        await browser.Go("?design=LI*RP");
        var page = browser.Page;
        await page.GetByText("Own feature").ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex(@"/features\?back="));
        await page.GetByLabel("Symbol, as designs write it").FillAsync("short");

        var source = page.GetByLabel("Expression", new PageGetByLabelOptions { Exact = true }).And(page.Locator("textarea"));
        await source.FillAsync("min(wrods, 3) / 3");
        await Assertions.Expect(page.Locator("[data-source-errors]")).ToContainTextAsync("Column 5: 'wrods' is not known");
        await Assertions.Expect(page.Locator(".excerpt mark")).ToHaveTextAsync("wrods");
        await source.FillAsync("min(words, 3) / 3");
        await Assertions.Expect(page.Locator("[data-source-errors]")).ToContainTextAsync("reads");

        await page.GetByLabel("Response of example 1").FillAsync("one two");
        await page.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("1 of 1 examples fail");
        // A draft lives in its address: whoever opens it goes on.
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByLabel("Response of example 1")).ToHaveValueAsync("one two");
        await page.GetByLabel("Value of example 1").FillAsync("0.66667");
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.Locator("[data-examples]")).ToContainTextAsync("passes");
        await page.Keyboard.PressAsync("Control+Enter");

        await Assertions.Expect(page.GetByLabel("SHORT for all queries")).ToBeVisibleAsync();
        await page.GetByLabel("SHORT for all queries").CheckAsync();
        await Assertions.Expect(page.GetByLabel("Formula in text")).ToHaveValueAsync("LI*RP*SHORT");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("SHORT"));
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByLabel("SHORT for all queries")).ToBeCheckedAsync();
        browser.AssertQuiet();
    }
}
