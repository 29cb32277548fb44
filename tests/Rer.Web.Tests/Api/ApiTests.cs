using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Rer.Engine.Evaluation.Metrics;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Events;
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
        var options = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateArray()
            .Select(e => e.GetProperty("option").GetString()).ToArray();
        Assert.Contains("clip-range", options);
        Assert.Contains("batch-size", options);
        Assert.Contains("policy", options);
        Assert.Empty(server.Store.Runs());
    }

    [Fact]
    public async Task Events_come_from_the_store_and_go_on_as_they_happen()
    {
        string id = "";
        await using var server = await DashboardServer.Start(
            fill: store => id = SampleStore.Add(store, SampleRun.Plan("LI", steps: 1000), 500, RunState.Stopped, 100));
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
    public async Task An_open_event_stream_ends_in_order_when_the_program_does()
    {
        string id = "";
        await using var server = await DashboardServer.Start(
            fill: store => id = SampleStore.Add(store, SampleRun.Plan("LI", steps: 1000), 500, RunState.Stopped, 100));
        using var client = Client(server);
        using var reader = new StreamReader(await client.GetStreamAsync($"api/runs/{id}/events"));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await NextEvent(reader, patience.Token);

        var end = reader.ReadToEndAsync(patience.Token);
        await server.Stop();

        // A stream that is cut off is an error here.
        Assert.EndsWith("\n\n", await end, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_a_run_that_has_ended_is_a_conflict_not_a_failure()
    {
        string id = "";
        await using var server = await DashboardServer.Start(
            fill: store => id = SampleStore.Add(store, SampleRun.Plan("LI", steps: 500), 500, RunState.Finished, 100));
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
        var operations = document.GetProperty("paths").EnumerateObject().Where(p => p.Name.StartsWith("/api", StringComparison.Ordinal))
            .SelectMany(p => p.Value.EnumerateObject().Select(o => $"{o.Name.ToUpperInvariant()} {p.Name.TrimEnd('/')}"))
            .Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(
            [
                "DELETE /api/runs/{id}", "GET /api/compare", "GET /api/designs", "GET /api/designs/parse", "GET /api/features",
                    "GET /api/options", "GET /api/plans/start", "GET /api/runs",
                "GET /api/runs/{id}", "GET /api/runs/{id}/alerts", "GET /api/runs/{id}/evaluations", "GET /api/runs/{id}/events",
                "GET /api/runs/{id}/export",
                "GET /api/runs/{id}/metrics", "GET /api/runs/{id}/rescored", "GET /api/runs/{id}/rollouts", "GET /api/runs/{id}/verdict",
                "GET /api/sweeps", "GET /api/sweeps/{id}",
                "PATCH /api/runs/{id}", "POST /api/plans/check", "POST /api/plans/estimate", "POST /api/plans/measure", "POST /api/runs",
                "POST /api/runs/{id}/extend", "POST /api/runs/{id}/move",
                "POST /api/runs/{id}/pause", "POST /api/runs/{id}/resume", "POST /api/runs/{id}/stop", "POST /api/score",
                "POST /api/sweeps", "POST /api/sweeps/{id}/pause",
                "POST /api/sweeps/{id}/resume", "POST /api/sweeps/{id}/stop",
            ],
            operations);
        var answers = document.GetProperty("paths").GetProperty("/api/runs/{id}/events").GetProperty("get").GetProperty("responses")
            .GetProperty("200");
        Assert.Contains("text/event-stream", answers.GetProperty("content").EnumerateObject().Select(c => c.Name));
    }

    [Fact]
    public async Task The_document_names_every_metric_of_an_evaluation()
    {
        await using var server = await DashboardServer.Start();
        using var client = Client(server);
        var document = await client.GetFromJsonAsync<JsonElement>("api/openapi.json");
        var report = document.GetProperty("components").GetProperty("schemas").GetProperty("EvaluationReport").GetProperty("properties");
        Assert.Equal(
            EvaluationMetrics.Columns.Select(column => column.Name),
            report.GetProperty("metrics").GetProperty("properties").EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public async Task Runs_are_compared_by_plan_and_every_option_that_differs_is_said()
    {
        string[] ids = [];
        await using var server = await DashboardServer.Start(fill: store => ids =
        [
            .. new[] { (1, 1e-5), (2, 1e-5), (1, 2e-3) }.Select(run =>
            {
                var plan = SampleRun.Plan("LI", run.Item1, 500, 100);
                return SampleStore.Add(store, plan with { Ppo = plan.Ppo with { LearningRate = run.Item2 } }, 500, RunState.Finished, 100);
            }),
        ]);
        using var client = Client(server);
        var all = await client.GetFromJsonAsync<JsonElement>("api/compare");
        Assert.Equal(["learning-rate"], all.GetProperty("axes").EnumerateArray().Select(a => a.GetString()));
        Assert.Equal([1, 2], all.GetProperty("groups").EnumerateArray().Select(g => g.GetProperty("runs").GetArrayLength()).Order());
        var two = await client.GetFromJsonAsync<JsonElement>($"api/compare?runs={ids[0]},{ids[1]}");
        Assert.Equal([1, 2], Assert.Single(two.GetProperty("groups").EnumerateArray()).GetProperty("seeds").EnumerateArray()
            .Select(s => s.GetInt32()));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("api/compare?runs=none")).StatusCode);
        // A list says with each run which others it may be averaged with.
        var groups = (await client.GetFromJsonAsync<JsonElement>("api/runs")).EnumerateArray()
            .Select(r => r.GetProperty("groupHash").GetString()!).ToArray();
        Assert.Equal(2, groups.Distinct().Count());
    }

    [Fact]
    public async Task Kept_responses_are_scored_under_another_design()
    {
        string id = "";
        await using var server = await DashboardServer.Start(
            fill: store => id = SampleStore.Add(store, SampleRun.Plan("LI*RP", steps: 500), 500, RunState.Finished, 100));
        using var client = Client(server);
        var rows = await client.GetFromJsonAsync<JsonElement>($"api/runs/{id}/rescored?design=LI*RP&step=500&limit=4");
        Assert.Equal(4, rows.GetArrayLength());
        // Under its own design a response scores what it scored.
        Assert.All(rows.EnumerateArray(), r => Assert.Equal(r.GetProperty("proxy").GetDouble(), r.GetProperty("total").GetDouble(), 12));
        var under = (await client.GetFromJsonAsync<JsonElement>($"api/runs/{id}/rescored?design=RER&step=500&item=1&sample=0"))[0];
        Assert.Equal(["RP", "RAR"], under.GetProperty("factors").EnumerateObject().Select(f => f.Name));
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync($"api/runs/{id}/rescored?design=XX")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("api/runs/none/rescored?design=LI")).StatusCode);
    }

    [Fact]
    public async Task Scoring_asks_the_gold_model_that_is_named()
    {
        await using var server = await DashboardServer.Start();
        using var client = Client(server);
        var gold = (await client.GetFromJsonAsync<JsonElement>("api/plans/start")).GetProperty("gold").GetString();
        var answer = await client.PostAsJsonAsync("api/score",
            new
            {
                design = "LI",
                relevance = "precomputed",
                gold,
                items = new[] { new { query = "What is Ida the frog like?", response = "Ida the frog is kind." } }
            });
        var scored = (await answer.Content.ReadFromJsonAsync<JsonElement>())[0];
        Assert.True(double.IsFinite(scored.GetProperty("gold").GetDouble()));
        Assert.False(scored.GetProperty("goldCut").GetBoolean());
        Assert.Equal(0.06, scored.GetProperty("total").GetDouble(), 12);
        var refused = await client.PostAsJsonAsync("api/score",
            new { design = "LI", relevance = "precomputed", gold = "/none", items = new[] { new { query = "a", response = "b" } } });
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task Another_sites_page_is_refused()
    {
        await using var server = await DashboardServer.Start();
        using var client = Client(server);
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/sweeps")
        {
            Content = JsonContent.Create(new { name = "x", plans = Array.Empty<object>() }),
        };
        request.Headers.Add("Origin", "http://elsewhere.example");
        Assert.Equal(HttpStatusCode.Forbidden, (await client.SendAsync(request)).StatusCode);
    }

    private static HttpClient Client(DashboardServer server) =>
        new() { BaseAddress = new Uri(server.Address), Timeout = TimeSpan.FromMinutes(2) };

    private static async Task<(long Id, JsonElement Data)> NextEvent(StreamReader reader, CancellationToken cancellation)
    {
        long id = 0;
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith("id:", StringComparison.Ordinal)) id = long.Parse(line[3..].Trim());
            if (!line.StartsWith("data:", StringComparison.Ordinal)) continue;
            var data = JsonDocument.Parse(line[5..]).RootElement;
            // The number follows the data.
            for (line = await reader.ReadLineAsync(cancellation); !string.IsNullOrEmpty(line);
                line = await reader.ReadLineAsync(cancellation))
                if (line.StartsWith("id:", StringComparison.Ordinal)) id = long.Parse(line[3..].Trim());
            return (id, data);
        }
        throw new EndOfStreamException();
    }
}
