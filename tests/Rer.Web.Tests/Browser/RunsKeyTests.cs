using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Rer.Engine.Runs;
using Rer.Web.Tests.Stores;

namespace Rer.Web.Tests.Browser;

/// <summary>The list of runs, worked with the keyboard alone.</summary>
public sealed class RunsKeyTests(SampleServer sample) : IClassFixture<SampleServer>
{
    [BrowserFact]
    public async Task Rows_are_walked_selected_starred_and_compared()
    {
        await using var browser = await BrowserSession.Open(sample.Address);
        var page = browser.Page;
        var rows = await Listed(browser);

        await page.Keyboard.PressAsync("j");
        await Assertions.Expect(Link(rows, 0)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("j");
        await Assertions.Expect(Link(rows, 1)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("k");
        await Assertions.Expect(Link(rows, 0)).ToBeFocusedAsync();
        // Above the first there is none: the focus stays.
        await page.Keyboard.PressAsync("k");
        await Assertions.Expect(Link(rows, 0)).ToBeFocusedAsync();

        await page.Keyboard.PressAsync("x");
        await Assertions.Expect(page.Locator(".selbar b").First).ToHaveTextAsync("1 selected");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("x");
        await Assertions.Expect(page.Locator(".selbar b").First).ToHaveTextAsync("2 selected");
        var (first, second) = (await rows.Nth(0).GetAttributeAsync("data-run"), await rows.Nth(1).GetAttributeAsync("data-run"));

        var star = rows.Nth(1).Locator(".star");
        var before = await star.GetAttributeAsync("aria-pressed");
        await page.Keyboard.PressAsync("s");
        await Assertions.Expect(star).Not.ToHaveAttributeAsync("aria-pressed", before!);
        await page.Keyboard.PressAsync("s");
        await Assertions.Expect(star).ToHaveAttributeAsync("aria-pressed", before!);

        await page.Keyboard.PressAsync("c");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex($@"/compare\?runs=({first},{second}|{second},{first})$"));
        browser.AssertQuiet();
    }

    [BrowserFact]
    public async Task Enter_opens_the_group_and_then_the_run_in_focus()
    {
        await using var browser = await BrowserSession.Open(sample.Address);
        var page = browser.Page;
        await browser.Go("runs");
        var group = page.Locator("tr[data-group]").First;
        await Assertions.Expect(group).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("j");
        await Assertions.Expect(group.Locator("[data-row-main]")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(group.Locator("[data-row-main]")).ToHaveAttributeAsync("aria-expanded", "true");
        var run = page.Locator("tr[data-group] + tr[data-run]").First;
        await Assertions.Expect(run).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("j");
        await Assertions.Expect(run.Locator("[data-row-main]")).ToBeFocusedAsync();
        var id = await run.GetAttributeAsync("data-run");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex($"/runs/{id}$"));
        browser.AssertQuiet();
    }

    [BrowserFact]
    public async Task The_filter_has_its_key_and_escape_leaves_it_before_it_drops_the_selection()
    {
        await using var browser = await BrowserSession.Open(sample.Address);
        var page = browser.Page;
        await Listed(browser);
        await page.Keyboard.PressAsync("/");
        var filter = page.GetByLabel("Filter runs");
        await Assertions.Expect(filter).ToBeFocusedAsync();
        // Letters in a field are letters, however fast they come: none of them is lost, and none stars, selects or compares.
        await page.Keyboard.TypeAsync("jxsc");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("q=jxsc$"));
        await Assertions.Expect(filter).ToHaveValueAsync("jxsc");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "No run matches" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Clear all" }).ClickAsync();
        await Assertions.Expect(filter).ToHaveValueAsync("");

        await Listed(browser);
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("x");
        await Assertions.Expect(page.Locator(".selbar b").First).ToHaveTextAsync("1 selected");
        await page.Keyboard.PressAsync("/");
        await Assertions.Expect(filter).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(filter).Not.ToBeFocusedAsync();
        await Assertions.Expect(page.Locator(".selbar b").First).ToHaveTextAsync("1 selected");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator(".selbar")).ToHaveCountAsync(0);
        browser.AssertQuiet();
    }

    [BrowserFact]
    public async Task The_key_sheet_names_the_keys_of_the_list_and_those_of_a_selection_once_there_is_one()
    {
        await using var browser = await BrowserSession.Open(sample.Address);
        var page = browser.Page;
        await Listed(browser);
        await page.Keyboard.PressAsync("?");
        var sheet = page.Locator("#key-sheet");
        foreach (var name in new[] { "Next row", "Previous row", "Select the row", "Star the row", "Choose columns", "Filter runs" })
            await Assertions.Expect(sheet).ToContainTextAsync(name);
        await Assertions.Expect(sheet).Not.ToContainTextAsync("Compare C");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(sheet).ToBeHiddenAsync();

        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("x");
        await Assertions.Expect(page.Locator(".selbar")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("?");
        await Assertions.Expect(sheet).ToContainTextAsync("Compare C");
        browser.AssertQuiet();
    }

    [BrowserFact]
    public async Task A_long_flat_list_is_drawn_to_its_last_run()
    {
        const int Runs = 300;
        await using var server = await DashboardServer.Start(
            (_, _) => throw new InvalidOperationException("Nothing is trained here."),
            store =>
            {
                for (var i = 1; i <= Runs; i++)
                    store.Add(
                        RunRecord.Of($"run-{i:d3}", SampleRun.Plan("LI", i),
                            SampleStore.Begin.AddMinutes(i)) with
                        { State = RunState.Stopped });
            });
        await using var browser = await BrowserSession.Open(server.Address);
        var rows = await Listed(browser);
        await Assertions.Expect(rows.First).ToHaveAttributeAsync("data-run", "run-300");
        // As many as fit, and some: not all of them.
        Assert.InRange(await rows.CountAsync(), 20, 100);

        var last = browser.Page.Locator("tr[data-run='run-001']");
        for (var tries = 0; tries < 20 && await last.CountAsync() == 0; tries++)
        {
            await browser.Page.EvaluateAsync("() => { const box = document.querySelector('.runsbox'); box.scrollTop = box.scrollHeight; }");
            await Task.Delay(200);
        }

        await Assertions.Expect(last).ToBeVisibleAsync();
        browser.AssertQuiet();
    }

    // Every run by itself, its rows on the page.
    private static async Task<ILocator> Listed(BrowserSession browser)
    {
        await browser.Go("runs?group=none");
        var rows = browser.Page.Locator("tr[data-run]");
        await Assertions.Expect(rows.First).ToBeVisibleAsync();
        return rows;
    }

    private static ILocator Link(ILocator rows, int row) => rows.Nth(row).Locator("[data-row-main]");
}
