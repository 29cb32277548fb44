using Microsoft.Playwright;
using Rer.Engine.Tests.Hub;

namespace Rer.Web.Tests.Browser;

/// <summary>A repository is pulled on the library page, from a server that speaks the Hub's API.</summary>
public sealed class PullTests : IAsyncDisposable
{
    private readonly HubServer _hub = new();

    public PullTests() => Environment.SetEnvironmentVariable("HF_ENDPOINT", _hub.Address.ToString());

    public async ValueTask DisposeAsync()
    {
        Environment.SetEnvironmentVariable("HF_ENDPOINT", null);
        await _hub.DisposeAsync();
    }

    [BrowserFact]
    public async Task A_pull_shows_its_progress_goes_on_after_a_stop_and_ends_in_the_list_of_models()
    {
        var weights = new byte[3_000_000];
        _hub.Files["config.json"] = """{"model_type":"llama","architectures":["LlamaForCausalLM"]}"""u8.ToArray();
        _hub.Files["model.safetensors"] = weights;
        _hub.Answer = request => request.Path.EndsWith("model.safetensors", StringComparison.Ordinal)
            ? HubServer.Content(request, weights) with { CutAfter = 1_200_000, Stalls = true } : null;
        await using var server = await DashboardServer.Start();
        await using var browser = await BrowserSession.Open(server.Address);
        await browser.Go("library");
        var page = browser.Page;
        await page.GetByLabel("Repository").FillAsync("nonsense name");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Pull", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("'nonsense name' is no repository's name")).ToBeVisibleAsync();

        await page.GetByLabel("Repository").FillAsync("owner/name");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Pull", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".dl")).ToContainTextAsync("1 of 2 files: model.safetensors");

        await page.GetByLabel("Stop the pull of owner/name").ClickAsync();
        await Assertions.Expect(page.Locator(".dl")).ToContainTextAsync("1.1 MiB of 2.9 MiB. What has come is kept.");
        await Assertions.Expect(page.Locator(".dl")).ToContainTextAsync("40 %");
        _hub.Answer = _ => null;
        await page.GetByLabel("Resume the pull of owner/name").ClickAsync();
        await Assertions.Expect(page.Locator(".dl")).ToContainTextAsync("every checksum right");
        await Assertions.Expect(
            page.Locator("table").First.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "name", Exact = true }))
            .ToBeVisibleAsync();
        Assert.Equal(1_200_000, _hub.Requests[^1].From);
        browser.AssertQuiet();
    }
}
