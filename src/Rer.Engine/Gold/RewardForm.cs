using Rer.Engine.Models.Architectures;
using Rer.Engine.Models.Weights;

namespace Rer.Engine.Gold;

/// <summary>How a reward model on a language model's backbone was published: told by its tensors' names and its config.json.</summary>
/// <param name="Head">Name of the head's module: `score`, `v_head`, ...</param>
/// <param name="Reading">Where the score is read.</param>
/// <param name="Prefix">What the backbone's names begin with, where that is not the family's own; null where it is.</param>
/// <param name="Template">The wrapping of query and response that its card shows; null where that is left to the tokenizer's chat
/// template.</param>
public sealed record RewardForm(string Head, RewardReading Reading, string? Prefix = null, GoldTemplate? Template = null)
{
    /// <summary>Transformers' sequence classifiers.</summary>
    public static RewardForm Classifier { get; } = new("score", RewardReading.LastNotPadding);

    /// <summary>Starling-RM-7B-alpha: a Llama named `transformer.*`, and a head without bias.</summary>
    public static RewardForm Starling { get; } = new("v_head", RewardReading.BeforeFirstPadding, "transformer.", GoldTemplate.Starling);

    /// <summary>UltraRM-13B.</summary>
    public static RewardForm UltraRm { get; } = new("regression_head", RewardReading.LastToken, Template: GoldTemplate.UltraRm);

    /// <summary>OpenAssistant's reward models on GPT-NeoX.</summary>
    public static RewardForm OpenAssistant { get; } = new("out_proj", RewardReading.LastToken, Template: GoldTemplate.OpenAssistant);

    /// <summary>OpenRLHF's, where config.json names no other head.</summary>
    public static RewardForm OpenRlhf { get; } = new("value_head", RewardReading.LastToken);

    private static readonly RewardForm[] Known = [Classifier, Starling, UltraRm, OpenAssistant, OpenRlhf];

    /// <summary>The name of the head's weight.</summary>
    public string HeadWeight => $"{Head}.weight";

    /// <summary>The name of the head's bias, where it has one.</summary>
    public string HeadBias => $"{Head}.bias";

    /// <summary>The form of the model in a folder; null where its weights hold no head that is known.</summary>
    /// <param name="weights">The folder's weights.</param>
    /// <param name="fields">Its config.json.</param>
    internal static RewardForm? Of(WeightFolder weights, ConfigFields fields)
    {
        // OpenRLHF writes the head's name into config.json, whatever it is, and reads by the mask.
        if (fields.Text("value_head_prefix", "") is { Length: > 0 } named)
            return weights.Contains($"{named}.weight") ? OpenRlhf with { Head = named } : null;
        var form = Known.FirstOrDefault(form => weights.Contains(form.HeadWeight));
        return form == OpenAssistant && fields.OneOf("pooling", "last", "last", "mean") == "mean"
            ? form with { Reading = RewardReading.Mean } : form;
    }

    /// <summary>The heads known, for messages.</summary>
    internal static string Heads => string.Join(", ", Known.Select(form => form.HeadWeight));
}
