using System.Net;
using System.Net.Http.Json;
using Rer.Engine.Playground;
using Rer.Engine.Rewards;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Planning;
using Rer.Web.Tests.Browser;
using Rer.Web.Tests.Stores;

namespace Rer.Web.Tests.Api;

public sealed class SweepApiTests
{
    [Fact]
    public async Task The_study_is_one_sweep_of_nine_that_is_reordered_paused_resumed_and_stopped_whole()
    {
        await using var server =
            await DashboardServer.Start((plan, context) => new ScriptedSession(plan, context, TimeSpan.FromMilliseconds(20)));
        using var client = new HttpClient { BaseAddress = new Uri(server.Address), Timeout = TimeSpan.FromMinutes(2) };
        var plans = PlaygroundPlans.Study(PlaygroundPlans.Find()!.Plan(RewardDesign.Parse("LI"), steps: 100_000));
        var answer = await client.PostAsJsonAsync("api/sweeps", new { name = "study", plans }, RunJson.Compact);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var address = answer.Headers.Location!.OriginalString[1..];

        var sweep = await Sweep();
        Assert.Equal(("study", 9, 9), (sweep.Name, sweep.Runs.Count, sweep.Unfinished));
        Assert.Equal(["LI seed 1", "LI seed 2", "LI seed 3"], sweep.Runs.Take(3).Select(Name));
        Assert.Equal(3, sweep.Runs.Count(r => r.Plan.Design.Title == "RER"));

        // One device: one trains, the others wait in order, and the last is put before them.
        await Until(async () => (await Sweep()).Runs.Count(r => r.State == RunState.Running) == 1);
        var last = (await Sweep()).Runs[^1];
        await Post($"api/runs/{last.Id}/move", new { place = 0 });
        Assert.Equal(last.Id, (await Sweep()).Runs.First(r => r.State == RunState.Queued).Id);

        await Post($"{address}/pause");
        await Until(async () => (await Sweep()).Runs.All(r => r.State == RunState.Paused));
        await Post($"{address}/resume");
        await Until(async () => (await Sweep()).Runs.Count(r => r.State == RunState.Running) == 1);
        await Post($"{address}/stop");
        await Until(async () => (await Sweep()).Runs.All(r => r.State == RunState.Stopped));
        Assert.Equal(9, (await client.GetFromJsonAsync<Sweep[]>("api/sweeps", RunJson.Compact))!.Single().Runs.Count);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("api/sweeps/none")).StatusCode);

        async Task<Sweep> Sweep() => (await client.GetFromJsonAsync<Sweep>(address, RunJson.Compact))!;

        async Task Post(string path, object? body = null) =>
            (await client.PostAsJsonAsync(path, body ?? new { }, RunJson.Compact)).EnsureSuccessStatusCode();
    }

    private static string Name(RunRecord run) => $"{run.Plan.Design.Title} seed {run.Plan.Seed}";

    private static async Task Until(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!await condition()) await Task.Delay(20, patience.Token);
    }
}
