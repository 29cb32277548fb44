using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Rer.Web.Tests.Browser;

/// <summary>The reward lab, with the gold model that ships.</summary>
public sealed class LabTests(SampleServer sample) : IClassFixture<SampleServer>
{
    private const string Query = "What is Ida the frog like?", Response = "Ida the frog is kind. Ida the frog is kind.";

    [BrowserFact]
    public async Task A_text_is_scored_word_by_word_and_its_link_shows_the_same()
    {
        await using var browser = await BrowserSession.Open(sample.Address);
        await browser.Go("lab?design=LI*RP");
        var page = browser.Page;
        // The page opens with its example scored.
        await Assertions.Expect(page.Locator("[data-status]")).ToContainTextAsync("words scored");
        await page.GetByLabel("Query", new PageGetByLabelOptions { Exact = true }).FillAsync(Query);
        await page.GetByLabel("Response", new PageGetByLabelOptions { Exact = true }).FillAsync(Response);
        await page.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("a=Ida"));
        await browser.ChartsDrawn();
        await Assertions.Expect(page.Locator("[data-status]")).ToContainTextAsync("12 words scored as 12 prefixes");
        var scores = await page.Locator("[data-scores]").TextContentAsync();

        await using var other = await BrowserSession.Open(sample.Address, width: 390);
        await other.Go(page.Url[sample.Address.Length..]);
        await other.ChartsDrawn();
        Assert.Equal(scores, await other.Page.Locator("[data-scores]").TextContentAsync());
        Assert.Equal(0, await other.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth"));

        // What is typed is scored without another press.
        await page.GetByLabel("Response", new PageGetByLabelOptions { Exact = true }).FillAsync("Ida is kind.");
        await Assertions.Expect(page.Locator("[data-status]")).ToContainTextAsync("4 words scored");
        await page.GetByLabel("Response", new PageGetByLabelOptions { Exact = true }).FillAsync("");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Write a response");
        browser.AssertQuiet();
        other.AssertQuiet();
    }

    [BrowserFact]
    public async Task Opened_with_a_gold_folder_elsewhere_it_looks_the_same_whether_there_is_one_or_not()
    {
        await using var browser = await BrowserSession.Open(sample.Address);
        foreach (var folder in new[] { "/etc", "/etc/no-such-folder" })
        {
            await browser.Go($"lab?gold={folder}");
            await Assertions.Expect(browser.Page.GetByLabel("Response", new() { Exact = true })).Not.ToBeEmptyAsync();
            await Assertions.Expect(browser.Page.GetByText("Nothing scored yet")).ToBeVisibleAsync();
            await Assertions.Expect(browser.Page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
        }

        browser.AssertQuiet();
    }

    [BrowserFact]
    public async Task A_pair_set_is_judged_and_its_worst_mistake_opens_side_by_side()
    {
        // Chosen and rejected are the same pair both ways round, so that one of the two is a mistake of any model.
        var file = Path.Combine(sample.Store.Folder, "pairs.jsonl");
        await File.WriteAllTextAsync(file, $$"""
            {"prompt": "{{Query}}", "chosen": "{{Response}}", "rejected": "No.", "subset": "one way"}
            {"prompt": "{{Query}}", "chosen": "No.", "rejected": "{{Response}}", "subset": "the other"}
            """);
        try
        {
            await using var browser = await BrowserSession.Open(sample.Address);
            await browser.Go($"lab?mode=pairs&design=LI&pairs={Uri.EscapeDataString(file)}");
            var page = browser.Page;
            await page.Keyboard.PressAsync("Control+Enter");
            await Assertions.Expect(page.Locator("[data-bench] tbody").First.Locator("tr")).ToHaveCountAsync(3);
            await Assertions.Expect(page.Locator("[data-bench] tbody").First.Locator("tr").Last).ToContainTextAsync("50.0 %");
            var saved = page.WaitForDownloadAsync();
            await page.Locator("[data-bench]").GetByText("PNG").ClickAsync();
            Assert.Equal("pair-set.png", (await saved).SuggestedFilename);
            await page.GetByText("side by side").ClickAsync();
            await Assertions.Expect(page.Locator("[data-preferred]")).ToContainTextAsync("preferred by gold");
            Assert.Contains("mode=two", page.Url, StringComparison.Ordinal);
            browser.AssertQuiet();
        }
        finally
        {
            File.Delete(file);
        }
    }

    [BrowserFact]
    public async Task A_long_text_is_scored_whole_and_its_figure_saved()
    {
        var text = string.Join(' ', Enumerable.Repeat("Ida the frog is kind and sings.", 25));
        await using var browser = await BrowserSession.Open(sample.Address, dark: true, width: 390);
        await browser.Go($"lab?design=LI*RP&q={Uri.EscapeDataString(Query)}&a={Uri.EscapeDataString(text)}");
        var page = browser.Page;
        await Assertions.Expect(page.Locator("[data-status]")).ToContainTextAsync("200 words scored as 200 prefixes");
        await browser.ChartsDrawn();
        await Assertions.Expect(page.Locator("p.heat span")).ToHaveCountAsync(200);
        // Words that repeat are marked, and raw and re-scored gold both have their line.
        await Assertions.Expect(page.Locator("[data-figure=prefixes] .annotation-text"))
            .ToContainTextAsync(["repeats", "per position", "re-scored"]);
        Assert.Equal(0, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth"));
        var saved = await page.RunAndWaitForDownloadAsync(
            () => page.Locator("[data-figure=prefixes]").GetByText("CSV", new LocatorGetByTextOptions { Exact = true }).ClickAsync());
        using var reader = new StreamReader(await saved.CreateReadStreamAsync());
        Assert.Equal(1 + 200, (await reader.ReadToEndAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        browser.AssertQuiet();
    }

    [BrowserFact]
    public async Task Two_responses_stand_side_by_side()
    {
        await using var browser = await BrowserSession.Open(sample.Address);
        await browser.Go($"lab?mode=two&design=LI&q={Uri.EscapeDataString(Query)}&a={Uri.EscapeDataString(Response)}&b=No.");
        await Assertions.Expect(browser.Page.Locator("[data-preferred]")).ToContainTextAsync("preferred by");
        await browser.ChartsDrawn();
        await Assertions.Expect(browser.Page.Locator(".pairtexts > div")).ToHaveCountAsync(2);
        browser.AssertQuiet();
    }

    [BrowserFact]
    public async Task What_cannot_be_read_is_named()
    {
        await using var browser = await BrowserSession.Open(sample.Address);
        await browser.Go("lab?mode=pairs&pairs=/none.jsonl&scored=True");
        await Assertions.Expect(browser.Page.Locator("[data-bench]")).ToContainTextAsync("/none.jsonl");
        await browser.Go("lab?design=LI*XX&q=a&a=b");
        await Assertions.Expect(browser.Page.Locator("#design-error")).ToContainTextAsync("'XX' is not known");
        browser.AssertQuiet();
    }
}
