using Deque.AxeCore.Playwright;

namespace Rer.Web.Tests.Browser;

/// <summary>What axe finds serious, on every page, in both themes, wide and narrow.</summary>
public sealed class AccessibilityTests(SampleServer sample) : IClassFixture<SampleServer>
{
    private static readonly string[] Pages =
    [
        "", "runs", "runs?q=nothing", $"runs/{SampleServer.RunId}", $"runs/{SampleServer.RunId}/rollouts",
        $"compare?runs={SampleServer.RunId}",
        "sweeps/260730-0900-sweep", "lab", "features",
        "features?draft=%7B%22symbol%22%3A%22OWN%22%2C%22kind%22%3A%22Expression%22%2C%22source%22%3A%22words%20%2B%22%7D", "library",
        "runs/none", "not-there",
        $"runs/{SampleServer.RunId}/rollouts?item=1&show=0,2500,5000&under=RER", $"runs/{SampleServer.RunId}/rollouts?under=LI*XX",
        "compare?runs=260730-0900-li-s1,260730-0900-li-s2,260730-0900-rer-s1&numbers=ProxyAndGold%20RER&scale=raw", "compare",
        "lab?design=LI&q=What%20is%20Ida%20like%3F&a=Ida%20is%20kind%20and%20Ida%20sings.",
        "lab?mode=two&design=LI&q=What%20is%20Ida%20like%3F&a=Ida%20is%20kind.&b=No.", "lab?mode=pairs&pairs=/none.jsonl&scored=True",
    ];

    [BrowserTheory]
    [InlineData(false, 1280)]
    [InlineData(false, 390)]
    [InlineData(true, 1280)]
    [InlineData(true, 390)]
    public async Task Nothing_serious_on_any_page(bool dark, int width)
    {
        await using var browser = await BrowserSession.Open(sample.Address, dark, width);
        var found = new List<string>();
        foreach (var path in Pages)
        {
            await browser.Go(path);
            // The rules on colour read what is painted: charts and late skeletons must stand.
            await browser.Page.WaitForTimeoutAsync(600);
            var result = await browser.Page.RunAxe();
            found.AddRange(result.Violations.Where(v => v.Impact is "serious" or "critical")
                .Select(v => $"/{path}: {v.Id}: {v.Help}: {string.Join(" | ", v.Nodes.Take(3).Select(n => n.Html))}"));
        }
        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));
        Assert.Empty(browser.Outside);
    }
}
