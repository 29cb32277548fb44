using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Rer.Web.Tests.Browser;

/// <summary>Designs side by side, and what is saved of them.</summary>
public sealed class CompareTests(SampleServer sample) : IClassFixture<SampleServer>
{
    private const string Runs = "compare?runs=260730-0900-li-s1,260730-0900-li-s2,260730-0900-li-s3,260730-0900-rer-s1,260730-0900-rer-s2";

    [BrowserFact]
    public async Task Opened_without_runs_it_offers_the_newest_sweep_and_the_newest_run_of_each_design()
    {
        await using var browser = await BrowserSession.Open(sample.Address);
        await browser.Go("compare");
        var offers = browser.Page.Locator("[data-offers] a");
        await Assertions.Expect(offers.First).ToHaveTextAsync(new Regex("^Sweep: "));
        await Assertions.Expect(offers.Last).ToHaveTextAsync(new Regex("^Newest run of each design: .*RER"));

        await offers.Last.ClickAsync();

        await browser.ChartsDrawn();
        await Assertions.Expect(browser.Page.Locator("[data-offers]")).ToHaveCountAsync(0);
        await Assertions.Expect(browser.Page.Locator(".cell[data-figure^='Gold by query type, ']").First).ToBeVisibleAsync();
        browser.AssertQuiet();
    }

    [BrowserFact]
    public async Task One_figure_of_the_comparison_is_saved_light_with_its_name_and_key_also_in_the_dark()
    {
        await using var browser = await BrowserSession.Open(sample.Address, dark: true);
        await browser.Go(Runs);
        await browser.ChartsDrawn();
        var cell = browser.Page.Locator(".cell[data-figure='Gold by query type, RER']");
        await cell.HoverAsync();
        var (name, svg) = await Saved(browser, cell, "SVG");
        Assert.Equal("rer-gold-by-query-type.svg", name);
        var text = System.Text.Encoding.UTF8.GetString(svg);
        foreach (var said in new[] { "RER: Gold by query type", ">Open<", ">Closed<", "fill=\"#ffffff\"", "fill=\"#191B1C\"" })
            Assert.Contains(said, text, StringComparison.Ordinal);
        Assert.DoesNotContain("#E8EAEB", text, StringComparison.OrdinalIgnoreCase);

        (name, var png) = await Saved(browser, cell, "PNG");
        Assert.Equal("rer-gold-by-query-type.png", name);
        int[] white = [255, 255, 255], pixel = await FirstPixel(browser.Page, png);
        Assert.Equal(white, pixel);

        (_, var csv) = await Saved(browser, cell, "CSV");
        var lines = System.Text.Encoding.UTF8.GetString(csv).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            "Step,Open-ended,Open-ended low,Open-ended high,Open-ended seed 1,Open-ended seed 2,Closed-ended,Closed-ended low,Closed-ended "
                + "high,Closed-ended seed 1,Closed-ended seed 2", lines[0]);
        Assert.Equal(1 + 11, lines.Length);
        browser.AssertQuiet();
    }

    [BrowserFact]
    public async Task A_figures_numbers_are_in_the_address_and_the_whole_is_saved_with_its_rows_named()
    {
        await using var browser = await BrowserSession.Open(sample.Address, width: 390);
        await browser.Go(Runs);
        await browser.ChartsDrawn();
        var page = browser.Page;
        await page.Locator(".cell[data-figure='Proxy, gold, LI']").GetByText("Numbers", new LocatorGetByTextOptions { Exact = true })
            .ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("numbers="));
        await Assertions.Expect(page.Locator(".cellnumbers tbody tr")).ToHaveCountAsync(11);

        await using var other = await BrowserSession.Open(sample.Address);
        await other.Go(page.Url[sample.Address.Length..]);
        await Assertions.Expect(other.Page.Locator(".cellnumbers h3")).ToHaveTextAsync("Proxy, gold, LI");
        // The figure in focus, or the first.
        await other.ChartsDrawn();
        await other.Page.Keyboard.PressAsync("t");
        await Assertions.Expect(other.Page.Locator(".cellnumbers")).ToHaveCountAsync(0);
        await Assertions.Expect(other.Page).Not.ToHaveURLAsync(new Regex("numbers="));

        var (_, svg) = await Saved(other, other.Page.Locator(".pagehead"), "SVG");
        var text = System.Text.Encoding.UTF8.GetString(svg);
        foreach (var said in new[] { ">LI<", ">RER<", ">Proxy, gold<", ">Self-BLEU<", ">Gold<" })
            Assert.Contains(said, text, StringComparison.Ordinal);
        browser.AssertQuiet();
        other.AssertQuiet();
    }

    private static async Task<(string Name, byte[] Content)> Saved(BrowserSession browser, ILocator where, string format)
    {
        var download = await browser.Page.RunAndWaitForDownloadAsync(
            () => where.GetByText(format, new LocatorGetByTextOptions { Exact = true }).ClickAsync());
        await using var stream = await download.CreateReadStreamAsync();
        using var content = new MemoryStream();
        await stream.CopyToAsync(content);
        return (download.SuggestedFilename, content.ToArray());
    }

    private static Task<int[]> FirstPixel(IPage page, byte[] png) => page.EvaluateAsync<int[]>(
        """
        async data => {
          const image = new Image();
          image.src = "data:image/png;base64," + data;
          await image.decode();
          const context = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height }).getContext("2d");
          context.drawImage(image, 0, 0);
          return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
        }
        """,
        Convert.ToBase64String(png));
}
