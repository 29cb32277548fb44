using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rer.Engine.Models;

/// <summary>PEFT's `adapter_config.json`.</summary>
internal static class AdapterConfig
{
    public const string FileName = "adapter_config.json";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Reads the options of a LoRA adapter.</summary>
    /// <exception cref="FileNotFoundException">The folder holds no adapter.</exception>
    /// <exception cref="InvalidDataException">The adapter is of a kind that is not supported; the message names the field.</exception>
    public static LoraOptions Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) throw new FileNotFoundException($"{folder}: holds no {FileName}; a folder as PEFT saves one is needed.", path);
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        var fields = new ConfigFields(json.RootElement, path);
        fields.OneOf("peft_type", "LORA", "LORA");
        fields.OneOf("bias", "none", "none");
        fields.OneOf("use_dora", "False", "False");
        fields.OneOf("use_rslora", "False", "False");
        foreach (var field in (string[])["rank_pattern", "alpha_pattern", "modules_to_save"])
        {
            if (fields.Has(field) && json.RootElement.GetProperty(field) is var value && value.GetRawText().Any(char.IsLetterOrDigit))
                throw new InvalidDataException($"{path}: {field} is not supported; every module must have the same rank and alpha.");
        }
        // A list of names; PEFT also takes one pattern, and the tensors in the file then say what it matched.
        var targets = json.RootElement.TryGetProperty("target_modules", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select(name => name.GetString() ?? "").ToList()
            : [];
        return new LoraOptions { Rank = fields.PositiveInt("r"), Alpha = fields.Number("lora_alpha", 8), TargetModules = targets };
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
