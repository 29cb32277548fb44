using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rer.Engine.Gold.Remote;

/// <summary>
/// vLLM's `/classify`: each entry has `probs`, one for each class. The classifier's own logits are asked for (`use_activation`, in
/// older releases `activation`); a release that knows neither answers with probabilities.
/// </summary>
/// <param name="url">Of `/classify`.</param>
/// <param name="model">The name it serves the model under; null asks for the first.</param>
/// <param name="label">The class that is the reward, from 0; null where there is one.</param>
/// <param name="template">How the model expects query and response to be wrapped.</param>
/// <param name="options">How the server is asked.</param>
internal sealed class VllmClassifyGold(Uri url, string? model, int? label, GoldTemplate template, EndpointOptions options)
    : VllmGold(url, model, template, options)
{
    private protected override string Form => "vLLM's /classify";

    private protected override void Complete(JsonObject request) => (request["use_activation"], request["activation"]) = (false, false);

    private protected override double Reward(JsonElement entry)
    {
        var classes = entry.GetProperty("probs");
        if (label is null && classes.GetArrayLength() != 1)
            throw new GoldUnavailableException(
                $"gold reward model at {Url}: it tells {classes.GetArrayLength()} classes apart. Name the one that is the reward: "
                    + $"{Url},label=0.");
        return classes[label ?? 0].GetDouble();
    }
}
