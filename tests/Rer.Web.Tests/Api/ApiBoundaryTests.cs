using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rer.Engine.Runs;
using Rer.Engine.Training;
using Rer.Web.Tests.Browser;
using Rer.Web.Tests.Stores;

namespace Rer.Web.Tests.Api;

/// <summary>Bodies and addresses that mean nothing are errors that say where.</summary>
public sealed class ApiBoundaryTests : IAsyncLifetime, IDisposable
{
    private DashboardServer _server = default!;
    private HttpClient _client = default!;
    private string _run = "";

    public async Task InitializeAsync()
    {
        _server = await DashboardServer.Start(
            (_, _) => throw new InvalidOperationException("Nothing is trained here."),
            store => _run = SampleStore.Add(store, SampleRun.Plan("LI", steps: 500), 500, RunState.Stopped, 100));
        _client = new HttpClient { BaseAddress = new Uri(_server.Address) };
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("score", "{}", "design|items")]
    [InlineData("score", """{"design": "LI"}""", "items")]
    [InlineData("score", """{"items": []}""", "design")]
    [InlineData("score", """{"design": null, "items": null}""", "design|items")]
    [InlineData("score", """{"design": "LI", "items": [null]}""", "items[0]")]
    [InlineData("score", """{"design": "LI", "items": [{"query": "a"}]}""", "items[0].response")]
    [InlineData("score", """{"design": "LI", "items": [{"query": "a", "response": "b"}, {"response": "b", "query": null}]}""",
        "items[1].query")]
    [InlineData("score", """{"design": "LI", "items": [], "relevance": null}""", "relevance")]
    [InlineData("score", """{"design": "LI", "items": [], "template": null}""", "template")]
    [InlineData("score", """{"design": "LI", "items": [], "itemz": []}""", "itemz")]
    [InlineData("score", """{"design": "LI", "items": [], "maxResponseTokens": null}""", "maxResponseTokens")]
    [InlineData("sweeps", "{}", "name|plans")]
    [InlineData("sweeps", """{"name": "x", "plans": [null]}""", "plans[0]")]
    [InlineData("sweeps", """{"name": "x", "plans": [{}]}""", "plans[0].design|plans[0].policy|plans[0].data")]
    [InlineData("score", """{"design": "LI", "items": [{"query": "a", "response": "b", "qtyp": "OPENENDED"}]}""", "items[0].qtyp")]
    [InlineData("runs/RUN/extend", "{}", "steps")]
    [InlineData("runs/RUN/extend", """{"steps": "many"}""", "steps")]
    [InlineData("runs/RUN/move", "{}", "place")]
    [InlineData("runs/RUN/move", """{"place": null}""", "place")]
    [InlineData("runs", "null", "")]
    [InlineData("runs", "[]", "")]
    [InlineData("runs", "{", "")]
    [InlineData("runs", "", "")]
    public async Task A_body_is_refused_with_the_path_of_every_field_that_is_wrong(string path, string body, string paths)
    {
        var answer = await _client.PostAsync($"api/{path.Replace("RUN", _run, StringComparison.Ordinal)}",
            new StringContent(body, Encoding.UTF8, "application/json"));
        await AssertRefused(answer, paths);
    }

    public static TheoryData<string> PlanFields =>
    [
        "design", "policy", "data", "relevance", "template", "skipLongPrompts", "ppo", "lora", "evaluation", "seed", "device", "dType",
        "ppo.steps", "ppo.klTarget", "lora.targetModules", "evaluation.every",
    ];

    [Theory]
    [MemberData(nameof(PlanFields))]
    public async Task A_plan_with_a_field_that_is_null_is_refused_by_every_endpoint_that_takes_plans(string field)
    {
        foreach (var path in new[] { "plans/check", "plans/estimate", "plans/measure", "runs" })
        {
            var plan = await Plan();
            Put(plan, field, null);
            await AssertRefused(await _client.PostAsJsonAsync($"api/{path}", plan), field);
        }

        var inSweep = await Plan();
        Put(inSweep, field, null);
        await AssertRefused(
            await _client.PostAsJsonAsync("api/sweeps",
                new JsonObject { ["name"] = "x", ["plans"] = new JsonArray(await Plan(), inSweep) }), $"plans[1].{field}");
        Assert.Single(_server.Store.Runs());
    }

    [Theory]
    [InlineData("stepz", "the nearest known name is 'steps'")]
    [InlineData("klEstimator", "is not known")]
    public async Task A_field_that_is_not_known_is_refused_with_the_nearest_that_is(string field, string said)
    {
        var plan = await Plan();
        Put(plan, $"ppo.{field}", 1);
        var answer = await _client.PostAsJsonAsync("api/plans/check", plan);
        Assert.Contains(said, (await Problem(answer)).GetProperty("detail").GetString()!, StringComparison.OrdinalIgnoreCase);
        await AssertRefused(answer, $"ppo.{field}");
    }

    [Theory]
    [InlineData("metrics?names=nope", "names: 'nope' is no metric of this run. Its metrics: ")]
    [InlineData("metrics?names=kl/sequence&names=nope", "names: 'nope'")]
    [InlineData("metrics?max=1", "max: 1 is outside [2, 100000].")]
    [InlineData("metrics?max=-1", "max: -1 is outside")]
    [InlineData("rollouts?limit=-1", "limit: -1 is outside [0, 5000].")]
    [InlineData("rollouts?limit=5001", "limit: 5001 is outside [0, 5000].")]
    [InlineData("rollouts?limit=x", "limit")]
    [InlineData("rollouts?limit=1&limit=2", "limit")]
    [InlineData("rollouts?text=a&text=b", "text: is there 2 times; it takes one value.")]
    [InlineData("rollouts?limt=5",
        "'limt', which is not known. Known: step, qtype, item, sample, text, ended, sort, descending, offset, limit.")]
    [InlineData("verdict?step=5", "'step', which is not known. It takes none.")]
    [InlineData("rollouts?offset=-1", "offset: -1 is outside [0, ∞).")]
    [InlineData("rollouts?step=-1", "step: -1 is outside")]
    [InlineData("rollouts?item=-1", "item: -1 is outside")]
    [InlineData("rollouts?sample=-1", "sample: -1 is outside")]
    [InlineData("rollouts?qtype=OPEN", "OPENENDED")]
    [InlineData("rollouts?sort=nope", "sort 'nope' is not known.")]
    [InlineData("rollouts?sort=3", "sort '3' is not known.")]
    [InlineData("rescored?design=LI&limit=-1", "limit: -1 is outside")]
    [InlineData("rescored?design=LI&offset=-1", "offset: -1 is outside")]
    [InlineData("rescored?design=LI&step=-1", "step: -1 is outside")]
    [InlineData("events?after=-1", "after: -1 is outside")]
    [InlineData("export?format=nope", "format 'nope' is not known.")]
    [InlineData("export?format=1", "format '1' is not known.")]
    [InlineData("export?sample=-1", "sample: -1 is outside")]
    [InlineData("export?format=alpacaEval&step=-1", "step: -1 is outside")]
    public async Task An_address_that_means_nothing_is_refused(string path, string said)
    {
        var answer = await _client.GetAsync($"api/runs/{_run}/{path}");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(said, (await Problem(answer)).GetProperty("detail").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_metric_that_will_come_is_known_before_it_does()
    {
        var queued = SampleStore.Add(_server.Store, SampleRun.Plan("LI", 2), 0, RunState.Queued);
        Assert.Equal(HttpStatusCode.OK,
            (await _client.GetAsync($"api/runs/{queued}/metrics?names={Metric.Kl}&names=feature/OE/LI")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await _client.GetAsync($"api/runs/{queued}/metrics?names=nope")).StatusCode);
    }

    [Theory]
    [InlineData("GET", "runs?state=-1", HttpStatusCode.BadRequest)]
    [InlineData("GET", "runs?stat=Running", HttpStatusCode.BadRequest)]
    [InlineData("GET", "designs?text=LI", HttpStatusCode.BadRequest)]
    [InlineData("GET", "compare?run=1", HttpStatusCode.BadRequest)]
    [InlineData("GET", "designs/parse", HttpStatusCode.BadRequest)]
    [InlineData("GET", "nothing", HttpStatusCode.NotFound)]
    [InlineData("PUT", "runs", HttpStatusCode.MethodNotAllowed)]
    public async Task Whatever_is_refused_is_answered_with_words(string method, string path, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "api/" + path);
        var answer = await _client.SendAsync(request);
        Assert.Equal(status, answer.StatusCode);
        Assert.NotEmpty((await Problem(answer)).GetProperty("detail").GetString()!);
    }

    [Fact]
    public async Task A_body_that_is_no_JSON_by_its_type_is_refused()
    {
        var answer = await _client.PostAsync("api/runs", new StringContent("design=LI", Encoding.UTF8, "text/plain"));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Contains("application/json", (await Problem(answer)).GetProperty("detail").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_written_on_a_run_is_bounded()
    {
        var before = _server.Store.Run(_run)!;
        await Refused(new { note = new string('x', 10_001) }, "note: 10001 characters; at most 10000 are kept.");
        await Refused(new { note = "kept?", tags = new[] { new string('x', 1001) } }, "tags: 1001 characters; at most 1000 are kept.");
        // The client asks before it sends: a server that refuses while megabytes come may close before its answer is read.
        using var handler = new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) };
        using var patient = new HttpClient(handler) { BaseAddress = _client.BaseAddress };
        using var large = new HttpRequestMessage(HttpMethod.Patch, $"api/runs/{_run}");
        large.Content = JsonContent.Create(new { note = new string('x', 5_000_000) });
        await large.Content.LoadIntoBufferAsync();
        large.Headers.ExpectContinue = true;
        using var tooLarge = await patient.SendAsync(large);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLarge.StatusCode);
        Assert.Equivalent(before, _server.Store.Run(_run));

        Assert.Equal(HttpStatusCode.OK, (await Patch(new { starred = true })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Patch(new { note = new string('x', 10_000), tags = new[] { "a", "b" } })).StatusCode);
        Assert.Equal((10_000, 2, true),
            (_server.Store.Run(_run)!.Note.Length, _server.Store.Run(_run)!.Tags.Count, _server.Store.Run(_run)!.Starred));

        async Task Refused(object body, string said)
        {
            var answer = await Patch(body);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Equal(said, (await Problem(answer)).GetProperty("detail").GetString());
        }

        Task<HttpResponseMessage> Patch(object body) => _client.PatchAsJsonAsync($"api/runs/{_run}", body);
    }

    [Fact]
    public async Task Every_operation_has_a_name_of_its_own_and_the_token_is_described()
    {
        var document = await _client.GetFromJsonAsync<JsonElement>("api/openapi.json");
        var operations = document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject())
            .Select(o => o.Value.GetProperty("operationId").GetString()!).ToArray();
        Assert.Equal(operations.Distinct(), operations);
        Assert.All(operations, name => Assert.Matches("^[a-z]+([A-Z][a-z]+)*$", name));
        Assert.Contains("launchRun", operations);
        var scheme = document.GetProperty("components").GetProperty("securitySchemes").GetProperty("token");
        Assert.Equal(("http", "bearer"), (scheme.GetProperty("type").GetString(), scheme.GetProperty("scheme").GetString()));
        Assert.Contains(document.GetProperty("security").EnumerateArray(), requirement => requirement.TryGetProperty("token", out _));
    }

    private async Task<JsonObject> Plan() => (await _client.GetFromJsonAsync<JsonObject>("api/plans/start"))!;

    private static void Put(JsonObject plan, string field, JsonNode? value)
    {
        var names = field.Split('.');
        var section = names.Length == 1 ? plan : plan[names[0]]!.AsObject();
        section[names[^1]] = value;
    }

    private static async Task<JsonElement> Problem(HttpResponseMessage answer) =>
        JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());

    private static async Task AssertRefused(HttpResponseMessage answer, string paths)
    {
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var problem = await Problem(answer);
        Assert.Equal(paths.Split('|'), problem.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("option").GetString()!));
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
    }
}
