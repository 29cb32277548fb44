using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Rer.Web.Tests.Browser;

/// <summary>What every page shares: palette, keys, paper.</summary>
public sealed class ChromeTests(SampleServer sample) : IClassFixture<SampleServer>
{
    [BrowserTheory]
    [InlineData(1440)]
    [InlineData(390)]
    public async Task The_palette_goes_to_a_run_by_a_few_letters_and_the_keyboard_alone(int width)
    {
        await using var browser = await BrowserSession.Open(sample.Address, width: width);
        await browser.Go("library");
        var page = browser.Page;
        await page.Keyboard.PressAsync("Control+k");
        await Assertions.Expect(page.GetByRole(AriaRole.Combobox, new PageGetByRoleOptions { Name = "Find" })).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("rollouts rer 2");
        await Assertions.Expect(page.Locator("#palette-list li").First).ToContainTextAsync("Rollouts of RER seed 2");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex(@"/runs/260730-0900-rer-s2/rollouts$"));
        await page.WaitForSelectorAsync(".li");

        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("no such thing at all");
        await Assertions.Expect(page.GetByText("Nothing is called that.")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator(".palette")).ToHaveCountAsync(0);
        browser.AssertQuiet();
    }

    [BrowserFact]
    public async Task Keys_of_two_letters_go_from_page_to_page_and_can_be_switched_off()
    {
        await using var browser = await BrowserSession.Open(sample.Address, width: 390);
        await browser.Go("library");
        var page = browser.Page;
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("l");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/lab$"));
        await page.WaitForSelectorAsync("main h1");
        // On a narrow screen the sheet has its key, if no button.
        await page.Keyboard.PressAsync("?");
        await Assertions.Expect(page.Locator("#key-sheet")).ToContainTextAsync("Score");
        await page.GetByLabel("Single letters act as keys").UncheckAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("b");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Reward lab");
        Assert.EndsWith("/lab", page.Url, StringComparison.Ordinal);
        browser.AssertQuiet();
    }

    [BrowserFact]
    public async Task Paper_is_white_and_without_buttons_in_the_dark_theme_too()
    {
        await using var browser = await BrowserSession.Open(sample.Address, dark: true);
        foreach (var path in new[] { "", "runs", $"runs/{SampleServer.RunId}", $"runs/{SampleServer.RunId}/rollouts",
            "compare?runs=260730-0900-li-s1,260730-0900-rer-s1", "library", "features", "lab" })
        {
            await browser.Go(path);
            await browser.Page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print, ColorScheme = ColorScheme.Dark });
            var paper = await browser.Page.EvaluateAsync<string[]>(
                """
                () => [getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color,
                       ...[...document.querySelectorAll("main .btn, .nav, .tools, .topbar")].filter(e => e.getClientRects().length > 0).map(e => e.outerHTML.slice(0, 80))]
                """);
            Assert.Equal(["rgb(255, 255, 255)", "rgb(25, 27, 28)"], paper);
            await browser.Page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Screen, ColorScheme = ColorScheme.Dark });
        }
        browser.AssertQuiet();
    }
}
