using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rer.Engine.Gold.Remote;

/// <summary>
/// Asks a server for JSON, again and again where the failure may pass: no connection, no answer in time, 408, 429 and 5xx.
/// </summary>
/// <param name="options">How.</param>
internal sealed class EndpointClient(EndpointOptions options) : IDisposable
{
    /// <summary>Characters of a server's words that messages show.</summary>
    private const int Excerpt = 300;

    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    // The time limit is a request's own; a proxy would learn of texts that are meant for the server alone.
    private readonly HttpClient _http =
        new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>The answer to a request.</summary>
    /// <param name="url">Where to.</param>
    /// <param name="body">The request's JSON; null asks with GET.</param>
    /// <param name="cancellation">Gives up, also between attempts.</param>
    /// <exception cref="GoldUnavailableException">The last attempt failed too, or an earlier one for good; the message tells
    /// how.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public JsonDocument Ask(Uri url, JsonNode? body, CancellationToken cancellation)
    {
        var delay = options.FirstDelay;
        for (var attempt = 1; ; attempt++)
        {
            var (answer, failure) = Try(url, body, cancellation);
            if (answer is not null) return answer;
            if (!failure!.MayPass || attempt > options.Retries)
            {
                var tried = attempt == 1 ? "" : $" The last of {attempt} attempts.";
                throw new GoldUnavailableException($"gold reward model at {url}: {failure.Message}{tried}", failure.Cause);
            }
            // A wait that is called off ends at once.
            cancellation.WaitHandle.WaitOne(failure.After is { } asked && asked > delay ? Smaller(asked, LongestDelay) : delay);
            cancellation.ThrowIfCancellationRequested();
            delay = Smaller(delay * 2, LongestDelay);
        }
    }

    public void Dispose() => _http.Dispose();

    private (JsonDocument? Answer, Failure? Failure) Try(Uri url, JsonNode? body, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.Timeout);
        try
        {
            using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, url);
            if (body is not null) request.Content = new StringContent(body.ToJsonString(), new MediaTypeHeaderValue("application/json"));
            if (options.Token is { } token) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var response = _http.Send(request, limit.Token);
            using var content = response.Content.ReadAsStream(limit.Token);
            using var reader = new StreamReader(content);
            var text = reader.ReadToEnd();
            limit.Token.ThrowIfCancellationRequested();
            if (response.IsSuccessStatusCode) return (JsonDocument.Parse(text), null);
            var after = response.Headers.RetryAfter is { } asked ? asked.Delta ?? asked.Date - DateTimeOffset.UtcNow : null;
            var hint = response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
                ? options.Token is null ? " It wants a token: set one in the environment." : " It refuses the token."
                : "";
            return (null,
                new Failure($"it answered {(int)response.StatusCode} {response.ReasonPhrase}: {Shorten(text)}{hint}",
                    MayPass(response.StatusCode), after));
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            return (null, new Failure($"no answer within {options.Timeout.TotalSeconds:0.###} seconds.", MayPass: true, Cause: error));
        }
        catch (HttpRequestException error)
        {
            return (null, new Failure($"no connection ({error.Message}).", MayPass: true, Cause: error));
        }
        catch (IOException error)
        {
            return (null, new Failure($"the answer broke off ({error.Message}).", MayPass: true, Cause: error));
        }
        catch (JsonException error)
        {
            return (null, new Failure($"its answer is no JSON ({error.Message}).", MayPass: false, Cause: error));
        }
    }

    private static bool MayPass(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)status >= 500;

    private static TimeSpan Smaller(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static string Shorten(string text) => text.Length <= Excerpt ? text : text[..Excerpt] + "...";

    private sealed record Failure(string Message, bool MayPass, TimeSpan? After = null, Exception? Cause = null);
}
