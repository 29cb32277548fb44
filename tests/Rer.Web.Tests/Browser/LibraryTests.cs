using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Library;

namespace Rer.Web.Tests.Browser;

/// <summary>Files with names of their own become prompt sets on the library page.</summary>
public sealed class LibraryTests
{
    [BrowserFact]
    public async Task A_json_file_is_mapped_its_bad_row_seen_and_put_right_and_a_type_set_afterwards()
    {
        const string file = """
            [{"frage": "Was ist 2 + 2?", "antwort": "4", "kurz": "4", "art": "fest"},
             {"frage": "Beschreibe einen Igel.", "antwort": ["Stachelig.", "Klein."], "kurz": "Stachelig.", "art": "frei"},
             {"frage": "Nenne eine Farbe.", "antwort": "Rot.", "kurz": "Rot.", "art": "?"}]
            """;
        await using var server = await DashboardServer.Start();
        await using var browser = await BrowserSession.Open(server.Address);
        await browser.Go("library");
        var page = browser.Page;
        await Send(browser, "fragen.json", file);

        await page.GetByLabel("Field of the query", Exact).SelectOptionAsync("frage");
        await page.GetByLabel("Field of the reference").SelectOptionAsync("antwort");
        await page.GetByLabel("Field of the query type").SelectOptionAsync("art");
        var bad = page.Locator(".importgrid .notice.bad");
        await Assertions.Expect(bad).ToContainTextAsync("1 row that cannot be read");
        await Assertions.Expect(bad).ToContainTextAsync("item 1: `antwort` is a list. It must be text.");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Import 2 items" })).ToBeEnabledAsync();

        await page.GetByLabel("Field of the reference").SelectOptionAsync("kurz");
        await Assertions.Expect(bad).ToHaveCountAsync(0);
        await page.GetByLabel("Type for fest").SelectOptionAsync("ClosedEnded");
        await page.GetByLabel("Type for frei").SelectOptionAsync("OpenEnded");
        await Assertions.Expect(page.Locator(".importgrid .notice.warn")).ToContainTextAsync("1 item without a query type");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Import 3 items" }).ClickAsync();

        await Assertions.Expect(page).ToHaveURLAsync(new Regex("data="));
        await Assertions.Expect(page.GetByLabel("1 open-ended, 1 closed-ended, 1 without a type")).ToBeVisibleAsync();
        // Only the item that lacks one is shown first.
        await page.GetByLabel("Type of item 2").SelectOptionAsync("OpenEnded");
        await Assertions.Expect(page.GetByLabel("2 open-ended, 1 closed-ended, 0 without a type")).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByLabel("Type of item 2")).ToHaveValueAsync("OpenEnded");

        await page.GetByLabel("Find in queries").FillAsync("igel");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("find=igel"));
        await Assertions.Expect(page.GetByLabel("Type of item 1")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByLabel("Type of item 2")).ToHaveCountAsync(0);

        var kept = PromptSet.Load(Path.Combine(StudyLibrary.In(server.Store.Folder), "fragen.json")).Items;
        Assert.Equal([QueryType.ClosedEnded, QueryType.OpenEnded, QueryType.OpenEnded], kept.Select(i => i.QueryType!.Value));
        Assert.Equal(["4", "Stachelig.", "Rot."], kept.Select(i => i.Reference!));
        browser.AssertQuiet();
    }

    [BrowserFact]
    public async Task A_table_with_a_row_without_a_query_says_its_line_and_a_name_that_is_taken_is_refused()
    {
        await using var server = await DashboardServer.Start();
        await using var browser = await BrowserSession.Open(server.Address, dark: true, width: 390);
        await browser.Go("library");
        var page = browser.Page;
        for (var i = 0; i < 2; i++)
        {
            await Send(browser, "fragen.csv", "nummer,frage,antwort\n1,\"Was, bitte, ist 2 + 2?\",4\n2,,leer\n3,Nenne eine Farbe.,Rot.\n");
            await page.GetByLabel("Field of the query", Exact).SelectOptionAsync("frage");
            await page.GetByLabel("Field of the reference").SelectOptionAsync("antwort");
            await Assertions.Expect(page.Locator(".importgrid .notice.bad")).ToContainTextAsync("1 row without a query");
            await Assertions.Expect(page.Locator(".importgrid .notice.bad")).ToContainTextAsync("Line 3.");
            Assert.Equal(0, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth"));
            await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Import 2 items" }).ClickAsync();
            if (i == 0) await Assertions.Expect(page).ToHaveURLAsync(new Regex("data="));
        }
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The library has a prompt set 'fragen' already.");
        await page.GetByLabel("Name in the library").FillAsync("fragen-2");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Import 2 items" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("fragen-2"));
        Assert.Equal(["Was, bitte, ist 2 + 2?", "Nenne eine Farbe."],
            PromptSet.Load(Path.Combine(StudyLibrary.In(server.Store.Folder), "fragen-2.json")).Items.Select(p => p.Query));
        browser.AssertQuiet();
    }

    [BrowserFact]
    public async Task A_file_that_is_no_list_of_records_is_refused_with_its_line()
    {
        await using var server = await DashboardServer.Start();
        await using var browser = await BrowserSession.Open(server.Address);
        await browser.Go("library");
        await Send(browser, "broken.jsonl", "{\"input\": \"a\"}\n{\"input\": \n");
        await Assertions.Expect(browser.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("line 2");
        browser.AssertQuiet();
    }

    private static PageGetByLabelOptions Exact => new() { Exact = true };

    private static async Task Send(BrowserSession browser, string name, string text)
    {
        await browser.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Import a prompt set" }).ClickAsync();
        await browser.Choose(name, text);
    }
}
