using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Rer.Engine.Runs;
using Rer.Web.Tests.Browser;
using Rer.Web.Tests.Stores;

namespace Rer.Web.Tests.Api;

public sealed class ApiTests
{
    [Fact]
    public async Task A_design_that_does_not_parse_is_answered_with_what_is_wrong()
    {
        await using var server = await DashboardServer.Start();
        using var client = Client(server);
        var answer = await client.GetAsync("api/designs/parse?text=LI*XX");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("'XX' is not known", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scoring_gives_every_feature_every_factor_and_the_total()
    {
        await using var server = await DashboardServer.Start();
        using var client = Client(server);
        var answer = await client.PostAsJsonAsync("api/score", new
        {
            design = "LI*RP",
            relevance = "precomputed",
            items = new[] { new { query = "Name a colour.", response = "red red red red." } },
        });
        var scored = (await answer.Content.ReadFromJsonAsync<JsonElement>())[0];
        Assert.Equal(0.05, scored.GetProperty("factors").GetProperty("LI").GetDouble(), 12);
        // Five words make three trigrams: red red red, red red red, red red full stop.
        Assert.Equal(2 / 3.0, scored.GetProperty("factors").GetProperty("RP").GetDouble(), 12);
        Assert.Equal(0.05 * 2 / 3, scored.GetProperty("total").GetDouble(), 12);
    }

    [Fact]
    public async Task A_plan_that_cannot_run_is_refused_with_every_error()
    {
        await using var server = await DashboardServer.Start();
        using var client = Client(server);
        var plan = SampleRun.Plan("LI") with { Ppo = SampleRun.Plan("LI").Ppo with { ClipRange = 1.4, BatchSize = 0 } };
        var answer = await client.PostAsJsonAsync("api/runs", plan, RunJson.Compact);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var options = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("option").GetString()).ToArray();
        Assert.Contains("clip-range", options);
        Assert.Contains("batch-size", options);
        Assert.Contains("policy", options);
        Assert.Empty(server.Store.Runs());
    }

    [Fact]
    public async Task Events_come_from_the_store_and_go_on_as_they_happen()
    {
        string id = "";
        await using var server = await DashboardServer.Start(fill: store => id = SampleStore.Add(store, SampleRun.Plan("LI", steps: 1000), 500, RunState.Stopped, 100));
        using var client = Client(server);
        using var stream = await client.GetStreamAsync($"api/runs/{id}/events?after=3");
        using var reader = new StreamReader(stream);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var first = await NextEvent(reader, patience.Token);
        Assert.Equal(4, first.Id);
        server.Store.Append(id, [new LogWritten("info", 500, "said by the test")]);
        for (var next = first; ; next = await NextEvent(reader, patience.Token))
        {
            if (next.Data.GetProperty("kind").GetString() != "log") continue;
            Assert.Equal("said by the test", next.Data.GetProperty("text").GetString());
            break;
        }
    }

    [Fact]
    public async Task Stopping_a_run_that_has_ended_is_a_conflict_not_a_failure()
    {
        string id = "";
        await using var server = await DashboardServer.Start(fill: store => id = SampleStore.Add(store, SampleRun.Plan("LI", steps: 500), 500, RunState.Finished, 100));
        using var client = Client(server);
        var answer = await client.PostAsync($"api/runs/{id}/stop", null);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("finished", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_document_names_every_endpoint()
    {
        await using var server = await DashboardServer.Start();
        using var client = Client(server);
        var document = await client.GetFromJsonAsync<JsonElement>("api/openapi.json");
        var paths = document.GetProperty("paths").EnumerateObject().Select(p => p.Name).ToArray();
        Assert.Contains("/api/runs/{id}/events", paths);
        Assert.Contains("/api/score", paths);
        Assert.Contains("/api/runs/{id}/rollouts", paths);
    }

    [Fact]
    public async Task Another_sites_page_is_refused()
    {
        await using var server = await DashboardServer.Start();
        using var client = Client(server);
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/sweeps") { Content = JsonContent.Create(new { name = "x", plans = Array.Empty<object>() }) };
        request.Headers.Add("Origin", "http://elsewhere.example");
        Assert.Equal(HttpStatusCode.Forbidden, (await client.SendAsync(request)).StatusCode);
    }

    private static HttpClient Client(DashboardServer server) => new() { BaseAddress = new Uri(server.Address), Timeout = TimeSpan.FromMinutes(2) };

    private static async Task<(long Id, JsonElement Data)> NextEvent(StreamReader reader, CancellationToken cancellation)
    {
        long id = 0;
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith("id:", StringComparison.Ordinal)) id = long.Parse(line[3..].Trim());
            if (!line.StartsWith("data:", StringComparison.Ordinal)) continue;
            var data = JsonDocument.Parse(line[5..]).RootElement;
            // The number follows the data.
            for (line = await reader.ReadLineAsync(cancellation); !string.IsNullOrEmpty(line); line = await reader.ReadLineAsync(cancellation))
                if (line.StartsWith("id:", StringComparison.Ordinal)) id = long.Parse(line[3..].Trim());
            return (id, data);
        }
        throw new EndOfStreamException();
    }
}
