using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rer.Engine.Gold.Remote;

/// <summary>OpenRLHF's reward server: `{"query": [...], "prompts": [...]}` is answered by `{"rewards": [...]}`.</summary>
/// <param name="url">Of `/get_reward`.</param>
/// <param name="template">How the model expects query and response to be wrapped.</param>
/// <param name="options">How the server is asked.</param>
internal sealed class OpenRlhfGold(Uri url, GoldTemplate template, EndpointOptions options) : RemoteGold(url, template, options)
{
    private protected override string Form => "OpenRLHF's /get_reward";

    private protected override JsonObject Request(string[] texts, string[] prompts, CancellationToken cancellation) => new()
    {
        ["query"] = new JsonArray([.. texts.Select(text => JsonValue.Create(text))]),
        ["prompts"] = new JsonArray([.. prompts.Select(text => JsonValue.Create(text))]),
    };

    private protected override double[] Rewards(JsonElement answer) =>
        // A reward may come as a list with one number in it.
        [.. answer.GetProperty("rewards").EnumerateArray()
            .Select(reward => reward.ValueKind == JsonValueKind.Array ? reward[0].GetDouble() : reward.GetDouble())];
}
