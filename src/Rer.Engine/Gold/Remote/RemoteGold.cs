using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rer.Engine.Gold.Remote;

/// <summary>A gold reward model behind an HTTP server. Texts are wrapped here; the server encodes and scores them.</summary>
internal abstract class RemoteGold : IGoldRewardModel
{
    private readonly GoldTemplate _template;
    private readonly EndpointOptions _options;
    private readonly EndpointClient _client;

    /// <param name="url">Where requests go.</param>
    /// <param name="template">How the model expects query and response to be wrapped.</param>
    /// <param name="options">How the server is asked.</param>
    private protected RemoteGold(Uri url, GoldTemplate template, EndpointOptions options) =>
        (Url, _template, _options, _client) = (url, template, options, new EndpointClient(options));

    /// <summary>Where requests go.</summary>
    public Uri Url { get; }

    /// <inheritdoc/>
    public string Name => Url.Authority;

    /// <inheritdoc/>
    /// <exception cref="GoldUnavailableException">The server does not answer, or not with one reward for each text.</exception>
    public GoldScore[] Judge(IReadOnlyList<GoldItem> items, CancellationToken cancellation = default)
    {
        var scores = new List<double>(items.Count);
        foreach (var batch in items.Chunk(_options.BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            var texts = Array.ConvertAll(batch, _template.Wrap);
            using var answer =
                Ask(Url, Request(texts, Array.ConvertAll(batch, item => _template.Prompt(item.Query)), cancellation), cancellation);
            double[] rewards;
            try
            {
                rewards = Rewards(answer.RootElement);
            }
            catch (Exception error)
                when (error is KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException)
            {
                throw new GoldUnavailableException(
                    $"gold reward model at {Url}: its answer is not what {Form} gives ({error.Message}): {Excerpt(answer)}", error);
            }
            if (rewards.Length != texts.Length)
                throw new GoldUnavailableException(
                    $"gold reward model at {Url}: it answered {texts.Length} texts with {rewards.Length} rewards.");
            scores.AddRange(rewards);
        }
        return GoldScores.Checked(Name, items, [.. scores], _ => null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>What such a server is called in messages.</summary>
    private protected abstract string Form { get; }

    /// <summary>The request for some texts.</summary>
    /// <param name="texts">Queries and responses, wrapped.</param>
    /// <param name="prompts">What the responses are written behind.</param>
    /// <param name="cancellation">Gives up.</param>
    private protected abstract JsonObject Request(string[] texts, string[] prompts, CancellationToken cancellation);

    /// <summary>The rewards of an answer, in the order of the request.</summary>
    private protected abstract double[] Rewards(JsonElement answer);

    /// <summary>Asks the server.</summary>
    private protected JsonDocument Ask(Uri url, JsonNode? body, CancellationToken cancellation) => _client.Ask(url, body, cancellation);

    private static string Excerpt(JsonDocument answer) =>
        answer.RootElement.GetRawText() is { Length: > 300 } text ? text[..300] + "..." : answer.RootElement.GetRawText();
}
