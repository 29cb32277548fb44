using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rer.Engine.Gold.Remote;

/// <summary>A vLLM server: `{"model": ..., "input": [...]}` is answered by `{"data": [{"index": 0, ...}, ...]}`.</summary>
internal abstract class VllmGold : RemoteGold
{
    private string? _model;

    /// <param name="url">Of the endpoint.</param>
    /// <param name="model">The name it serves the model under; null asks `/v1/models` for the first.</param>
    /// <param name="template">How the model expects query and response to be wrapped.</param>
    /// <param name="options">How the server is asked.</param>
    private protected VllmGold(Uri url, string? model, GoldTemplate template, EndpointOptions options)
        : base(url, template, options) => _model = model;

    /// <summary>What the endpoint takes besides model and input.</summary>
    private protected virtual void Complete(JsonObject request) { }

    /// <summary>The reward of one entry of `data`.</summary>
    private protected abstract double Reward(JsonElement entry);

    private protected override JsonObject Request(string[] texts, string[] prompts, CancellationToken cancellation)
    {
        var request = new JsonObject
        {
            ["model"] = _model ??= FirstModel(cancellation),
            ["input"] = new JsonArray([.. texts.Select(text => JsonValue.Create(text))]),
        };
        Complete(request);
        return request;
    }

    private protected override double[] Rewards(JsonElement answer) =>
        [.. answer.GetProperty("data").EnumerateArray().OrderBy(entry => entry.GetProperty("index").GetInt32()).Select(Reward)];

    private string FirstModel(CancellationToken cancellation)
    {
        var url = new Uri(Url, "/v1/models");
        using var answer = Ask(url, null, cancellation);
        return answer.RootElement.TryGetProperty("data", out var models) && models.ValueKind == JsonValueKind.Array
            && models.GetArrayLength() > 0
            && models[0].TryGetProperty("id", out var id) && id.GetString() is { } name
            ? name
            : throw new GoldUnavailableException($"gold reward model at {url}: it lists no model. Name one: {Url},model=NAME.");
    }
}
