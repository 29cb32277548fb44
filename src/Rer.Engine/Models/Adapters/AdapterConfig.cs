using System.Text.Json;
using System.Text.Json.Nodes;
using Rer.Engine.Input;
using Rer.Engine.Models.Architectures;

namespace Rer.Engine.Models.Adapters;

/// <summary>PEFT's `adapter_config.json`.</summary>
internal static class AdapterConfig
{
    public const string FileName = "adapter_config.json";

    /// <summary>Fields that are read, or change nothing in a trained adapter: what it is, where it comes from, how it was
    /// trained.</summary>
    private static readonly HashSet<string> Known =
    [
        "peft_type", "r", "lora_alpha", "target_modules", "auto_mapping", "base_model_name_or_path", "revision", "inference_mode",
            "task_type",
        "peft_version", "lora_dropout", "fan_in_fan_out", "eva_config", "megatron_core", "qalora_group_size", "runtime_config",
            "ensure_weight_tying", "layers_pattern",
    ];

    /// <summary>Ways to begin that leave the base weights as they are.</summary>
    private static readonly string[] PlainStarts = ["true", "\"gaussian\"", "\"eva\"", "\"orthogonal\""];

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Reads the options of a LoRA adapter.</summary>
    /// <exception cref="FileNotFoundException">The folder holds no adapter.</exception>
    /// <exception cref="InvalidDataException">The adapter is of a kind that is not supported; the message names the field.</exception>
    public static LoraOptions Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new FileNotFoundException($"{folder}: holds no {FileName}; a folder as PEFT saves one is needed.", path);
        var fields = ConfigFields.Read(path);
        fields.OneOf("peft_type", "LORA", "LORA");
        foreach (var field in fields.Names)
        {
            if (WhyNot(field, fields.Raw(field)) is not { } why) continue;
            var (name, value) = (Excerpt.Of(field), Excerpt.Of(fields.Raw(field)!));
            throw new InvalidDataException(
                $"{path}: {name} is {value}: {why} Convert the adapter in Python to a plain LoRA, or merge it into its model.");
        }

        return new LoraOptions
        {
            Rank = fields.Size("r", ModelConfigReader.MostWidth),
            Alpha = fields.Positive("lora_alpha", 8),
            // A list of names; PEFT also takes one pattern, and the tensors in the file then say what it matched.
            TargetModules = fields.List("target_modules") ?? [],
        };
    }

    /// <summary>Why an adapter with this value of a field is not `W + alpha / r * B * A`; null where it is.</summary>
    private static string? WhyNot(string field, string? value)
    {
        if (Known.Contains(field) || value is null or "false" or "{}" or "[]") return null;
        return field switch
        {
            "bias" => value == "\"none\"" ? null : "biases were trained besides the adapter, and are not read.",
            "init_lora_weights" =>
                PlainStarts.Contains(value) ? null : "such an adapter is relative to changed base weights, not to the model's own.",
            "use_rslora" => "its scale is alpha / sqrt(r), and only alpha / r is supported.",
            "use_dora" => "DoRA's magnitudes are not supported.",
            "use_qalora" => "QALoRA's grouped inputs are not supported.",
            "use_bdlora" => "block-diagonal matrices are not supported.",
            "lora_bias" => "biases of the adapter are not supported.",
            "alora_invocation_tokens" => "it acts behind those tokens alone, and only adapters that act everywhere are supported.",
            "arrow_config" => "a choice among several adapters is not supported.",
            "rank_pattern" or "alpha_pattern" => "every module must have the same rank and alpha.",
            "modules_to_save" => "modules were trained whole beside the adapter, and are not read.",
            "trainable_token_indices" => "rows of the embedding were trained besides, and are not read.",
            "target_parameters" => "adapters on bare parameters are not supported.",
            "layer_replication" => "layers that occur more than once are not supported.",
            "layers_to_transform" or "exclude_modules" => "every layer must carry the adapter.",
            "loftq_config" or "corda_config" => "such an adapter is relative to changed base weights, not to the model's own.",
            "megatron_config" => "Megatron's layers are not supported.",
            _ => "the field is not known here, and may change what the adapter computes.",
        };
    }

    /// <summary>The file's text.</summary>
    /// <param name="options">Rank, alpha and targets.</param>
    /// <param name="baseModel">Folder or name of the model it belongs to.</param>
    /// <param name="transposed">Published weights are [inputs, outputs] (GPT-2).</param>
    public static string Write(LoraOptions options, string? baseModel, bool transposed) => new JsonObject
    {
        ["auto_mapping"] = null,
        ["base_model_name_or_path"] = baseModel,
        ["bias"] = "none",
        ["fan_in_fan_out"] = transposed,
        ["inference_mode"] = true,
        ["init_lora_weights"] = true,
        ["layers_pattern"] = null,
        ["layers_to_transform"] = null,
        ["lora_alpha"] = options.Alpha,
        ["lora_dropout"] = 0.0,
        ["modules_to_save"] = null,
        ["peft_type"] = "LORA",
        ["r"] = options.Rank,
        ["rank_pattern"] = new JsonObject(),
        ["alpha_pattern"] = new JsonObject(),
        ["revision"] = null,
        ["target_modules"] = new JsonArray([.. options.TargetModules.Select(name => JsonValue.Create(name))]),
        ["task_type"] = "CAUSAL_LM",
    }.ToJsonString(Indented) + "\n";
}
