using Microsoft.Playwright;

namespace Rer.Web.Tests.Browser;

/// <summary>A dashboard that others reach, in a browser.</summary>
public sealed class LogInTests
{
    [BrowserFact]
    public async Task The_printed_link_opens_the_dashboard_and_leaves_no_token_in_the_address()
    {
        await using var server = await DashboardServer.Start(options: options => options with { Urls = "http://0.0.0.0:0" });
        await using var browser = await BrowserSession.Open(server.Address);
        var page = browser.Page;
        await page.GotoAsync(server.Doors.Printed(server.Address));
        await Assertions.Expect(page).ToHaveURLAsync(server.Address);
        // The page lives: its connection was let in by the cookie as well.
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Runs", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "No runs yet" })).ToBeVisibleAsync();
        Assert.Empty(await page.EvaluateAsync<string>("() => document.cookie"));
        browser.AssertQuiet();
    }

    [BrowserFact]
    public async Task Without_it_the_token_is_asked_for_in_a_form()
    {
        await using var server = await DashboardServer.Start(options: options => options with { Urls = "http://0.0.0.0:0" });
        await using var browser = await BrowserSession.Open(server.Address);
        var page = browser.Page;
        await page.GotoAsync(server.Address + "runs");
        await page.GetByLabel("Token").FillAsync("wrong");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Log in" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("is not this dashboard's token");
        await page.GetByLabel("Token").FillAsync(server.Doors.Token!.Text);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Log in" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Reward lab" })).ToBeVisibleAsync();
    }
}
