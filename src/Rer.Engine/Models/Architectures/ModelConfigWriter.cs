using System.Text.Json;
using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace Rer.Engine.Models.Architectures;

/// <summary>Writes <see cref="ModelConfig"/> as transformers' `config.json`.</summary>
internal static class ModelConfigWriter
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string Write(ModelConfig config, ScalarType type)
    {
        // A model that was read keeps every field of its own file, known here or not.
        var json = config.SourceJson is { } source ? JsonNode.Parse(source)!.AsObject() : Fresh(config);
        json.Remove("dtype");
        json["torch_dtype"] = type switch
        {
            ScalarType.Float32 => "float32",
            ScalarType.Float16 => "float16",
            ScalarType.BFloat16 => "bfloat16",
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Models are saved as float32, float16 or bfloat16."),
        };
        return json.ToJsonString(Indented) + "\n";
    }

    /// <summary>The text of `generation_config.json`: the special ids.</summary>
    public static string Generation(ModelConfig config) => new JsonObject
    {
        ["_from_model_config"] = true,
        ["bos_token_id"] = config.BosId,
        ["eos_token_id"] = Ids(config.EosIds),
        ["pad_token_id"] = config.PadId,
    }.ToJsonString(Indented) + "\n";

    private static JsonNode? Ids(IReadOnlyList<int> ids) => ids.Count switch
    {
        0 => null,
        1 => ids[0],
        _ => new JsonArray([.. ids.Select(id => JsonValue.Create(id))]),
    };

    private static JsonObject Fresh(ModelConfig config)
    {
        if (config.ModelType != "llama")
            throw new NotSupportedException($"A config.json is written from scratch for model_type llama only, not '{config.ModelType}'.");
        if (config.QueryKeyValueBias != config.AttentionOutputBias)
            throw new NotSupportedException(
                "A Llama config.json has one switch, attention_bias, for the biases on q, k, v and on the output projection: set both or "
                    + "neither.");
        return new JsonObject
        {
            ["architectures"] = new JsonArray(config.Architecture),
            ["model_type"] = config.ModelType,
            ["vocab_size"] = config.VocabularySize,
            ["hidden_size"] = config.HiddenSize,
            ["intermediate_size"] = config.IntermediateSize,
            ["num_hidden_layers"] = config.Layers,
            ["num_attention_heads"] = config.Heads,
            ["num_key_value_heads"] = config.KeyValueHeads,
            ["head_dim"] = config.HeadSize,
            ["max_position_embeddings"] = config.MaxPositions,
            ["hidden_act"] = config.Activation,
            ["rms_norm_eps"] = config.NormEpsilon,
            ["rope_theta"] = config.RopeTheta,
            ["rope_scaling"] = null,
            ["attention_bias"] = config.QueryKeyValueBias,
            ["mlp_bias"] = config.FeedForwardBias,
            ["tie_word_embeddings"] = config.TieWordEmbeddings,
            ["initializer_range"] = config.InitializerRange,
            ["bos_token_id"] = config.BosId,
            ["eos_token_id"] = Ids(config.EosIds),
            ["pad_token_id"] = config.PadId,
            ["use_cache"] = true,
        };
    }
}
