using Microsoft.Playwright;
using Rer.Engine.Playground;
using Rer.Engine.Rewards;
using Rer.Engine.Runs.Planning;
using Rer.Web.Tests.Stores;

namespace Rer.Web.Tests.Browser;

/// <summary>A run that goes on while it is watched.</summary>
public sealed class LiveTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    [BrowserFact]
    public async Task Two_browsers_see_the_same_and_one_stops_what_the_other_shows()
    {
        await using var server = await Start();
        var id = Launch(server);
        await using var one = await BrowserSession.Open(server.Address);
        await using var two = await BrowserSession.Open(server.Address, dark: true);
        await one.Go($"runs/{id}");
        await two.Go($"runs/{id}");
        await one.ChartsDrawn();
        await two.ChartsDrawn();
        await one.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Stop" }).ClickAsync();
        await one.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save and stop" }).ClickAsync();
        await Assertions.Expect(two.Page.Locator("h1 .state")).ToContainTextAsync("stopped");
        var step = server.Store.Run(id)!.Step;
        await Assertions.Expect(one.Page.Locator(".facts b").First).ToHaveTextAsync(step.ToString("#,0"));
        await Assertions.Expect(two.Page.Locator(".facts b").First).ToHaveTextAsync(step.ToString("#,0"));
        one.AssertQuiet();
        two.AssertQuiet();
    }

    [BrowserFact]
    public async Task A_dropped_connection_is_said_and_the_page_comes_back_from_the_store()
    {
        await using var server = await Start();
        var id = Launch(server);
        await using var browser = await BrowserSession.Open(server.Address);
        var drop = false;
        var sockets = new List<IWebSocketRoute>();
        await browser.Page.RouteWebSocketAsync("**/_blazor**", socket =>
        {
            if (drop)
            {
                _ = socket.CloseAsync();
                return;
            }
            socket.ConnectToServer();
            sockets.Add(socket);
        });
        await browser.Go($"runs/{id}");
        await browser.ChartsDrawn();
        drop = true;
        foreach (var socket in sockets) await socket.CloseAsync();
        await Assertions.Expect(browser.Page.Locator("#connection-lost")).ToBeVisibleAsync();
        var before = server.Store.Run(id)!.Step;
        drop = false;
        await Assertions.Expect(browser.Page.Locator("#connection-lost"))
            .ToBeHiddenAsync(new LocatorAssertionsToBeHiddenOptions { Timeout = 90_000 });
        await browser.Page.WaitForFunctionAsync(
            "least => +document.querySelector('.facts b')?.textContent.replace(',', '') > least", before,
            new PageWaitForFunctionOptions { Timeout = 60_000 });
        Assert.Empty(browser.Outside);
    }

    [BrowserFact]
    public async Task A_page_whose_circuit_is_gone_is_built_anew_from_its_address_and_the_store()
    {
        await using var server = await DashboardServer.Start(fill: SampleStore.Fill);
        await using var browser = await BrowserSession.Open(server.Address);
        await browser.Go($"runs/{SampleServer.RunId}/rollouts?step=4000&item=1&show=0,5000&under=RER");
        var shown = await browser.Page.Locator("[data-breakdown]").InnerTextAsync();
        await browser.Page.EvaluateAsync("() => { window.before = true; }");
        server.Store.SetNote(SampleServer.RunId, "written while nobody looked");
        await server.Restart();
        await browser.Page.WaitForFunctionAsync("() => !window.before && document.querySelector('[data-breakdown]')", null,
            new PageWaitForFunctionOptions { Timeout = 120_000 });
        Assert.Equal(shown, await browser.Page.Locator("[data-breakdown]").InnerTextAsync());
        await Assertions.Expect(browser.Page.Locator(".stepper b")).ToHaveTextAsync("Step 4,000");
        await Assertions.Expect(browser.Page.Locator("#connection-lost")).ToBeHiddenAsync();
        await browser.Go("runs?group=none");
        await Assertions.Expect(browser.Page.GetByText("written while nobody looked")).ToBeVisibleAsync();
        Assert.Empty(browser.Outside);
    }

    [BrowserFact]
    public async Task A_chart_is_redrawn_at_most_four_times_a_second_however_fast_steps_come()
    {
        await using var server = await Start();
        var id = Launch(server);
        await using var browser = await BrowserSession.Open(server.Address);
        await browser.Go($"runs/{id}");
        await browser.ChartsDrawn();
        // The server sends at most four batches a second, and the module draws at most four times: counted over the steps themselves.
        var counted = await browser.Page.EvaluateAsync<double[]>(
            """
            async () => {
              const plots = [...document.querySelectorAll(".plot")], drawn = () => Math.max(...plots.map(p => +p.dataset.drawn));
              const before = drawn(), start = performance.now();
              await new Promise(done => setTimeout(done, 3000));
              return [drawn() - before, (performance.now() - start) / 1000];
            }
            """);
        Assert.InRange(counted[0], 0, 4 * counted[1] + 2);
        Assert.True(server.Store.Run(id)!.Step > 0);
    }

    [BrowserFact]
    public async Task A_sweep_has_one_page_and_is_stopped_whole()
    {
        await using var server = await Start();
        var plan = Plan();
        var ids = server.Coordinator.LaunchSweep([plan, plan with { Seed = 2 }, plan with { Seed = 3 }], "seeds");
        await using var browser = await BrowserSession.Open(server.Address);
        await browser.Go($"sweeps/{server.Store.Run(ids[0])!.SweepId}");
        await Assertions.Expect(browser.Page.Locator("tbody tr .state").Nth(1)).ToContainTextAsync("queued");
        await browser.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Stop the sweep" }).ClickAsync();
        await browser.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Stop 3" }).ClickAsync();
        foreach (var i in new[] { 0, 1, 2 })
            await Assertions.Expect(browser.Page.Locator("tbody tr .state").Nth(i)).ToContainTextAsync("stopped");
        browser.AssertQuiet();
    }

    private static Task<DashboardServer> Start() => DashboardServer.Start((plan, context) => new ScriptedSession(plan, context, Pause));

    private static string Launch(DashboardServer server) => server.Coordinator.Launch(Plan());

    // Real folders, so that the plan passes its checks; the scripted session reads none of them.
    private static RunPlan Plan() => PlaygroundPlans.Find()!.Plan(RewardDesign.Parse("LI"), steps: 100_000, evaluateEvery: 20);
}
