using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Rer.Engine.Evaluation;
using Rer.Engine.Options;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Alerts;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Export;
using Rer.Engine.Runs.Planning;

namespace Rer.Cli.Remote;

/// <summary>A dashboard's HTTP interface, as a command uses it.</summary>
internal sealed class RerServer : IRunSource
{
    private readonly HttpClient _client;
    private readonly AuthenticationHeaderValue? _authorization;

    /// <summary>The server at an address, which is not asked anything yet.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="token">What it asks for; null or empty where it asks for none.</param>
    /// <exception cref="ArgumentException">The address or the token is none.</exception>
    public RerServer(string address, string? token = null)
    {
        if (!Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new ArgumentException($"--server: '{address}' is no address. It looks like http://127.0.0.1:5180.");
        Address = uri;
        if (token?.Trim() is { Length: > 0 } given)
        {
            if (given.Any(c => c is <= ' ' or > '~'))
            {
                throw new ArgumentException(
                    "--server-token: holds characters that no token has. Copy it again from the link that the dashboard printed.");
            }

            _authorization = new AuthenticationHeaderValue("Bearer", given);
        }

        // A run's events come for as long as it runs; every other answer comes at once or not at all. The token is for this address alone.
        _client =
            new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = uri, Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>The server's address, with a slash at the end.</summary>
    public Uri Address { get; }

    /// <inheritdoc/>
    public string Name => Address.ToString().TrimEnd('/');

    /// <inheritdoc/>
    public string Option => $"--server {Name}";

    /// <inheritdoc/>
    public IReadOnlyList<RunRecord> Runs(RunFilter filter)
    {
        var query = new Dictionary<string, string?>
        {
            ["text"] = filter.Text,
            ["state"] = filter.States.Count == 0 ? null : string.Join(',', filter.States),
            ["design"] = filter.DesignHash,
            ["tag"] = filter.Tag,
            ["sweep"] = filter.SweepId,
            ["starred"] = filter.StarredOnly ? "true" : null,
        };
        return Get<RunRecord[]>("api/runs" + Query(query)) ?? [];
    }

    /// <inheritdoc/>
    public RunRecord? Run(string id) => Get<RunSnapshot>($"api/runs/{Uri.EscapeDataString(id)}")?.Run;

    /// <inheritdoc/>
    public IReadOnlyList<EvaluationReport> Evaluations(string runId) =>
        Get<EvaluationReport[]>($"api/runs/{Uri.EscapeDataString(runId)}/evaluations") ?? [];

    /// <inheritdoc/>
    public IReadOnlyList<RunAlert> Alerts(RunRecord run) => Get<RunAlert[]>($"api/runs/{Uri.EscapeDataString(run.Id)}/alerts") ?? [];

    /// <inheritdoc/>
    public string Export(string runId, ExportFormat format, ExportTable table, int? step, int sample)
    {
        var query = new Dictionary<string, string?>
        {
            ["format"] = $"{format}",
            ["what"] = $"{table}",
            ["step"] = step is null ? null : $"{step}",
            ["sample"] = $"{sample}",
        };
        using var answer = Send(HttpMethod.Get, $"api/runs/{Uri.EscapeDataString(runId)}/export{Query(query)}");
        using var reader = new StreamReader(answer.Content.ReadAsStream());
        return reader.ReadToEnd();
    }

    /// <summary>The plan that a new run on the server begins with: the small world that ships with it.</summary>
    public RunPlan StartingPlan() => Get<RunPlan>("api/plans/start")!;

    /// <summary>Checks a plan there and queues it.</summary>
    /// <returns>The run's id.</returns>
    /// <exception cref="PlanException">The plan cannot be run there; it has every error.</exception>
    public string Launch(RunPlan plan)
    {
        using var answer = Send(HttpMethod.Post, "api/runs", plan);
        return Read<Launched>(answer).Id;
    }

    /// <summary>Does something with a run: `pause`, `resume`, `stop`, or `extend` with a body.</summary>
    /// <returns>The run afterwards.</returns>
    public RunRecord Act(string runId, string action, object? body = null)
    {
        using var answer = Send(HttpMethod.Post, $"api/runs/{Uri.EscapeDataString(runId)}/{action}", body);
        return Read<RunRecord>(answer);
    }

    /// <summary>
    /// A run's events above a number, first those there are, then new ones as they come, until the server ends the stream.
    /// </summary>
    /// <param name="runId">The run.</param>
    /// <param name="after">The last number seen.</param>
    /// <param name="stop">Ends the stream.</param>
    public IEnumerable<RunEvent> Events(string runId, long after, CancellationToken stop)
    {
        using var answer = Send(HttpMethod.Get, $"api/runs/{Uri.EscapeDataString(runId)}/events?after={after}");
        using var reader = new StreamReader(answer.Content.ReadAsStream(CancellationToken.None));
        using var closing = stop.Register(answer.Dispose);
        while (NextLine(reader, stop) is { } line)
        {
            // One event is one line of data; numbers and blank lines between them say nothing new.
            if (line.StartsWith("data:", StringComparison.Ordinal))
                yield return JsonSerializer.Deserialize<RunEvent>(line["data:".Length..], RunJson.Compact)!;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static string? NextLine(StreamReader reader, CancellationToken stop)
    {
        try
        {
            return stop.IsCancellationRequested ? null : reader.ReadLine();
        }
        catch (Exception e) when (stop.IsCancellationRequested && e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The stream was closed because nobody wants it any more.
            return null;
        }
    }

    private static string Query(Dictionary<string, string?> parameters) =>
        "?" + string.Join('&',
            parameters.Where(p => !string.IsNullOrEmpty(p.Value)).Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value!)}"));

    private static T Read<T>(HttpResponseMessage answer) => JsonSerializer.Deserialize<T>(answer.Content.ReadAsStream(), RunJson.Compact)!;

    private T? Get<T>(string path)
        where T : class
    {
        using var answer = Send(HttpMethod.Get, path, missing: true);
        return answer.StatusCode == HttpStatusCode.NotFound ? null : Read<T>(answer);
    }

    private HttpResponseMessage Send(HttpMethod method, string path, object? body = null, bool missing = false)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = _authorization;
        if (body is not null) request.Content = JsonContent.Create(body, body.GetType(), options: RunJson.Compact);
        HttpResponseMessage answer;
        try
        {
            answer = _client.Send(request, HttpCompletionOption.ResponseHeadersRead);
        }
        catch (HttpRequestException e)
        {
            throw new IOException(
                $"{Name}: no answer ({e.Message}). Is the dashboard running there? From another machine it is reached through a tunnel: "
                    + "ssh -L 5180:127.0.0.1:5180 HOST.", e);
        }

        if (answer.IsSuccessStatusCode || (missing && answer.StatusCode == HttpStatusCode.NotFound)) return answer;
        using (answer) throw Refusal(answer);
    }

    private Exception Refusal(HttpResponseMessage answer)
    {
        if (answer.StatusCode == HttpStatusCode.Unauthorized)
        {
            return new IOException(_authorization is null
                ? $"{Name}: asks for a token. Set RER_SERVER_TOKEN, or give --server-token; it stands in the link that the dashboard "
                    + "printed."
                : $"{Name}: refuses the token. A dashboard makes another one at each start; it stands in the link that it printed.");
        }

        if (answer.Content.Headers.ContentType?.MediaType == "text/plain")
        {
            using var reader = new StreamReader(answer.Content.ReadAsStream());
            return new IOException($"{Name}: {reader.ReadLine()}");
        }

        Problem? problem = null;
        try
        {
            problem = Read<Problem>(answer);
        }
        catch (JsonException)
        {
            // Something else than a dashboard answers there.
        }

        if (problem?.Errors is { Count: > 0 } errors) return new PlanException(errors);
        return new IOException(
            problem?.Detail ?? $"{Name}: answered {(int)answer.StatusCode} {answer.ReasonPhrase}. Is that a dashboard of this version?");
    }

    private sealed record Launched(string Id);

    private sealed record Problem(string? Detail, IReadOnlyList<PlanError>? Errors);
}
