using System.Text.Json;

namespace Rer.Engine.Gold.Remote;

/// <summary>
/// vLLM's `/pooling`: each entry has `data`, the head's output at the last token, or at every token, of which the last is the reward.
/// </summary>
/// <param name="url">Of `/pooling`.</param>
/// <param name="model">The name it serves the model under; null asks for the first.</param>
/// <param name="template">How the model expects query and response to be wrapped.</param>
/// <param name="options">How the server is asked.</param>
internal sealed class VllmPoolingGold(Uri url, string? model, GoldTemplate template, EndpointOptions options)
    : VllmGold(url, model, template, options)
{
    private protected override string Form => "vLLM's /pooling";

    private protected override double Reward(JsonElement entry)
    {
        var data = entry.GetProperty("data");
        if (data.ValueKind == JsonValueKind.Number) return data.GetDouble();
        var last = data[data.GetArrayLength() - 1];
        if (last.ValueKind == JsonValueKind.Number)
        {
            if (data.GetArrayLength() > 1)
                throw new FormatException($"{data.GetArrayLength()} values for one text: an embedding, not a reward");
            return last.GetDouble();
        }
        if (last.GetArrayLength() != 1) throw new FormatException($"{last.GetArrayLength()} values for a token, one is needed");
        return last[0].GetDouble();
    }
}
