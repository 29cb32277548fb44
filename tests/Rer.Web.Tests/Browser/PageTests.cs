using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Rer.Engine.Evaluation.Metrics;

namespace Rer.Web.Tests.Browser;

/// <summary>Each page's main action, in a browser.</summary>
public sealed class PageTests(SampleServer sample) : IClassFixture<SampleServer>
{
    [BrowserFact]
    public async Task A_link_to_the_raw_scale_shows_two_panels_and_the_button_goes_back()
    {
        await using var browser = await BrowserSession.Open(sample.Address);
        await browser.Go($"runs/{SampleServer.RunId}?scale=raw");
        await browser.ChartsDrawn();
        Assert.Equal(2, await browser.Page.Locator("[data-figure=hero] .ytitle, [data-figure=hero] .y2title").CountAsync());
        await browser.Page.GetByLabel("Normalised", new PageGetByLabelOptions { Exact = true }).ClickAsync();
        await Assertions.Expect(browser.Page).Not.ToHaveURLAsync(new Regex("scale"));
        await Assertions.Expect(browser.Page.Locator("[data-figure=hero] .ytitle")).ToContainTextAsync("z-score");
        browser.AssertQuiet();
    }

    [BrowserFact]
    public async Task A_figure_saves_its_picture_and_its_numbers_and_shows_them_as_a_table()
    {
        await using var browser = await BrowserSession.Open(sample.Address, dark: true);
        await browser.Go($"runs/{SampleServer.RunId}");
        await browser.ChartsDrawn();
        var hero = browser.Page.Locator("[data-figure=hero]");
        var svg = await Saved(browser, hero.GetByText("SVG", new LocatorGetByTextOptions { Exact = true }));
        Assert.Contains("<svg", svg, StringComparison.Ordinal);
        // Exports are light whatever the page is: the light theme's blue and a white ground.
        Assert.Contains("fill=\"#ffffff\"", svg, StringComparison.Ordinal);
        var csv = await Saved(browser, hero.GetByText("CSV", new LocatorGetByTextOptions { Exact = true }));
        Assert.StartsWith("Step,Proxy,Proxy low,Proxy high,Gold", csv, StringComparison.Ordinal);
        Assert.Equal(1 + 11, csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        await hero.GetByText("Numbers", new LocatorGetByTextOptions { Exact = true }).ClickAsync();
        await Assertions.Expect(hero.Locator("tbody tr")).ToHaveCountAsync(11);
        browser.AssertQuiet();
    }

    [BrowserFact]
    public async Task The_columns_of_the_list_are_chosen_and_a_link_shows_them()
    {
        await using var browser = await BrowserSession.Open(sample.Address);
        var page = browser.Page;
        await browser.Go("runs");
        await Assertions.Expect(page.Locator("[data-rows] tbody tr[data-row]").First).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("l");
        var columns = page.GetByRole(AriaRole.Group, new PageGetByRoleOptions { Name = "Columns" });
        await columns.GetByLabel("Policy", new LocatorGetByLabelOptions { Exact = true }).UncheckAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("cols="));
        await columns.GetByLabel("τ", new LocatorGetByLabelOptions { Exact = true }).CheckAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("tau"));
        await browser.Go(page.Url[browser.Address.Length..]);
        var headings = page.Locator("[data-rows] thead");
        await Assertions.Expect(headings).ToContainTextAsync("τ");
        await Assertions.Expect(headings).Not.ToContainTextAsync("Policy");
        var wide = await page.Locator("[data-rows] thead th").CountAsync();
        Assert.Equal(wide, await page.Locator("[data-rows] tbody tr[data-row]").First.Locator("td").CountAsync());
        browser.AssertQuiet();
    }

    [BrowserFact]
    public async Task Rollouts_are_read_with_the_keyboard_and_every_step_is_in_the_address()
    {
        await using var browser = await BrowserSession.Open(sample.Address);
        await browser.Go($"runs/{SampleServer.RunId}/rollouts");
        var page = browser.Page;
        var first = await page.Locator(".li[aria-current]").GetAttributeAsync("data-item");
        await page.Keyboard.PressAsync("j");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("item="));
        await Assertions.Expect(page.Locator(".li[aria-current]")).Not.ToHaveAttributeAsync("data-item", first!);
        await page.Keyboard.PressAsync("[");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("step=4500"));
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("tomato");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("q=tomato"));
        await Assertions.Expect(page.Locator(".li")).ToHaveCountAsync(1);
        var address = page.Url;

        await using var other = await BrowserSession.Open(sample.Address);
        await other.Go(address[sample.Address.Length..]);
        await Assertions.Expect(other.Page.Locator(".li")).ToHaveCountAsync(1);
        await Assertions.Expect(other.Page.Locator(".stepper b")).ToHaveTextAsync("Step 4,500");
        browser.AssertQuiet();
    }

    [BrowserFact]
    public async Task Selected_runs_are_compared()
    {
        await using var browser = await BrowserSession.Open(sample.Address);
        await browser.Go("runs");
        var page = browser.Page;
        await page.GetByLabel("Select all seeds of RER").CheckAsync();
        await page.GetByLabel("Select LI*RP seed 1").CheckAsync();
        await Assertions.Expect(page.Locator(".selbar b").First).ToHaveTextAsync("4 selected");
        await page.Keyboard.PressAsync("c");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex(@"/compare\?runs="));
        await browser.ChartsDrawn();
        // Of each design proxy and gold, and the metrics that are computed by query type.
        var byType = EvaluationMetrics.All.Count(metric => metric.Scope == MetricScope.QueryTypes);
        Assert.Equal(2 * (2 + byType), await page.Locator(".cmpgrid .plot").CountAsync());
        await Assertions.Expect(page.Locator(".cmpgrid .ch").First).ToContainTextAsync("seed");
        browser.AssertQuiet();
    }

    [BrowserFact]
    public async Task A_plan_with_errors_shows_all_of_them_beside_their_fields()
    {
        await using var browser = await BrowserSession.Open(sample.Address);
        await browser.Go("?policy=/none&clip-range=1.4&batch-size=0");
        var page = browser.Page;
        await page.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(page.Locator(".refused h2")).ToContainTextAsync("3 reasons");
        await Assertions.Expect(page.Locator("#clip-range-error")).ToContainTextAsync("(0, 1]");
        await page.Locator("#clip-range").FillAsync("0.2");
        await page.Locator("#batch-size").FillAsync("16");
        await page.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(page.Locator("#policy-error")).ToContainTextAsync("is not a folder");
        browser.AssertQuiet();
    }

    [BrowserFact]
    public async Task A_formula_that_does_not_parse_keeps_the_last_design()
    {
        await using var browser = await BrowserSession.Open(sample.Address);
        await browser.Go("?design=LI*RP");
        var formula = browser.Page.GetByLabel("Formula in text");
        await formula.FillAsync("LI*QRR");
        await Assertions.Expect(browser.Page.Locator("#formula-hint")).ToContainTextAsync("'QRR' is not known");
        await Assertions.Expect(browser.Page.GetByLabel("RP for all queries")).ToBeCheckedAsync();
        await formula.FillAsync("OE: LI; CE: RAR");
        await Assertions.Expect(browser.Page.GetByLabel("RAR for closed-ended queries")).ToBeCheckedAsync();
        await Assertions.Expect(browser.Page).ToHaveURLAsync(new Regex("design="));
    }

    [BrowserFact]
    public async Task The_theme_is_kept_and_follows_the_system_when_it_agrees_again()
    {
        await using var browser = await BrowserSession.Open(sample.Address);
        await browser.Go("runs");
        var root = browser.Page.Locator("html");
        await browser.Page.GetByLabel("Switch theme").ClickAsync();
        await Assertions.Expect(root).ToHaveAttributeAsync("data-theme", "dark");
        await browser.Page.ReloadAsync();
        await Assertions.Expect(root).ToHaveAttributeAsync("data-theme", "dark");
        await browser.Page.GetByLabel("Switch theme").ClickAsync();
        Assert.Null(await root.GetAttributeAsync("data-theme"));
    }

    [BrowserFact]
    public async Task The_key_sheet_lists_what_the_page_answers_to()
    {
        await using var browser = await BrowserSession.Open(sample.Address);
        await browser.Go($"runs/{SampleServer.RunId}/rollouts");
        await browser.Page.WaitForSelectorAsync(".li");
        await browser.Page.Keyboard.PressAsync("?");
        var sheet = browser.Page.Locator("#key-sheet");
        await Assertions.Expect(sheet).ToBeVisibleAsync();
        await Assertions.Expect(sheet).ToContainTextAsync("Next item");
        await browser.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(sheet).ToBeHiddenAsync();
    }

    [BrowserFact]
    public async Task A_note_written_on_a_run_is_kept()
    {
        await using var browser = await BrowserSession.Open(sample.Address);
        await browser.Go("runs?group=none");
        var row = browser.Page.Locator("tr[data-run='260730-0900-rer-s2']");
        await row.HoverAsync();
        await row.GetByText("edit the note on").ClickAsync(new LocatorClickOptions { Force = true });
        await Assertions.Expect(row.GetByLabel("Note on RER seed 2")).ToBeFocusedAsync();
        await browser.Page.Keyboard.TypeAsync("seen twice");
        await browser.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(row.Locator(".notes")).ToContainTextAsync("seen twice");
        Assert.Equal("seen twice", sample.Store.Run("260730-0900-rer-s2")!.Note);
    }

    private static async Task<string> Saved(BrowserSession browser, ILocator button)
    {
        var download = await browser.Page.RunAndWaitForDownloadAsync(() => button.ClickAsync());
        using var reader = new StreamReader(await download.CreateReadStreamAsync());
        return await reader.ReadToEndAsync();
    }
}
