using System.Text.Json.Nodes;
using Rer.Engine.Models;
using Rer.Engine.Models.Adapters;
using Rer.Engine.Models.Architectures;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Models;

/// <summary>Random models small enough for a unit test.</summary>
internal static class SmallModels
{
    public static ModelConfig Config { get; } = new()
    {
        VocabularySize = 61,
        HiddenSize = 32,
        IntermediateSize = 56,
        Layers = 2,
        Heads = 4,
        KeyValueHeads = 2,
        HeadSize = 8,
        MaxPositions = 64,
        InitializerRange = 0.3,
        EosIds = [2],
    };

    /// <summary>The same size in each architecture, and in the variants that are one flag away.</summary>
    public static ModelConfig Variant(string name) => name switch
    {
        "llama" => Config,
        "llama-3-rope" => Config with { RopeScaling = new RopeScaling("llama3", 4, 1, 4, 32) },
        "llama-yarn" => Config with
        {
            RopeScaling = new RopeScaling("yarn", 4, OriginalMaxPositions: 16)
            {
                AttentionFactor = RopeScaling.YarnAttention(4),
            }
        },
        "mistral" => Config with { ModelType = "mistral", SlidingWindow = 5 },
        "qwen2" => Config with { ModelType = "qwen2", QueryKeyValueBias = true, TieWordEmbeddings = true },
        "qwen3" => Config with { ModelType = "qwen3", QueryKeyNorm = true, HeadSize = 16 },
        "gpt2" => Config with { ModelType = "gpt2", KeyValueHeads = 4, Activation = "gelu_new", TieWordEmbeddings = true },
        "gpt2-scaled" => Variant("gpt2") with { ScaleAttention = false, ScaleAttentionByLayer = true },
        "gpt_neox" => Config with
        {
            ModelType = "gpt_neox",
            KeyValueHeads = 4,
            Activation = "gelu",
            QueryKeyValueBias = true,
            ParallelResidual = true,
            RotaryFraction = 0.25,
        },
        "gpt_neox-sequential" => Variant("gpt_neox") with { ParallelResidual = false, RotaryFraction = 1 },
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such variant."),
    };

    /// <summary>Names of <see cref="Variant"/>.</summary>
    public static TheoryData<string> Variants { get; } =
        new("llama", "llama-3-rope", "llama-yarn", "mistral", "qwen2", "qwen3", "gpt2", "gpt2-scaled", "gpt_neox", "gpt_neox-sequential");

    /// <summary>The config.json that transformers writes for a variant.</summary>
    public static JsonObject ConfigJson(ModelConfig config) => config.ModelType switch
    {
        "gpt2" => new JsonObject
        {
            ["model_type"] = "gpt2",
            ["vocab_size"] = config.VocabularySize,
            ["n_embd"] = config.HiddenSize,
            ["n_inner"] = config.IntermediateSize,
            ["n_layer"] = config.Layers,
            ["n_head"] = config.Heads,
            ["n_positions"] = config.MaxPositions,
            ["activation_function"] = config.Activation,
            ["scale_attn_weights"] = config.ScaleAttention,
            ["scale_attn_by_inverse_layer_idx"] = config.ScaleAttentionByLayer,
        },
        "gpt_neox" => new JsonObject
        {
            ["model_type"] = "gpt_neox",
            ["vocab_size"] = config.VocabularySize,
            ["hidden_size"] = config.HiddenSize,
            ["intermediate_size"] = config.IntermediateSize,
            ["num_hidden_layers"] = config.Layers,
            ["num_attention_heads"] = config.Heads,
            ["max_position_embeddings"] = config.MaxPositions,
            ["hidden_act"] = config.Activation,
            ["rotary_pct"] = config.RotaryFraction,
            ["use_parallel_residual"] = config.ParallelResidual,
        },
        _ => Llama(config),
    };

    private static JsonObject Llama(ModelConfig config)
    {
        var json = JsonNode.Parse((config with { ModelType = "llama", QueryKeyValueBias = false }).ToJson(ScalarType.Float32))!.AsObject();
        json["model_type"] = config.ModelType;
        json["sliding_window"] = config.SlidingWindow;
        json["rope_scaling"] = config.RopeScaling switch
        {
            null => null,
            { Kind: "yarn" } yarn => new JsonObject
            {
                ["rope_type"] = "yarn",
                ["factor"] = yarn.Factor,
                ["original_max_position_embeddings"] = yarn.OriginalMaxPositions,
            },
            var llama3 => new JsonObject
            {
                ["rope_type"] = llama3.Kind,
                ["factor"] = llama3.Factor,
                ["low_freq_factor"] = llama3.LowFrequencyFactor,
                ["high_freq_factor"] = llama3.HighFrequencyFactor,
                ["original_max_position_embeddings"] = llama3.OriginalMaxPositions,
            },
        };
        return json;
    }

    public static CausalLm Llama(ScalarType type = ScalarType.Float32) => CausalLm.Create(Config, seed: 7, type: type);

    /// <summary>With an adapter whose B is not zero.</summary>
    public static CausalLm WithAdapter(ScalarType type = ScalarType.Float32)
    {
        var model = Llama(type);
        model.AddLora(new LoraOptions { Rank = 4, Alpha = 8 }, seed: 3);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var generator = new Generator(11);
        foreach (var adapter in model.Adapter!.Adapters) adapter.B.copy_(randn(adapter.B.shape, generator: generator).mul_(0.1));
        return model;
    }

    public static Tensor Ids(long batch, long tokens)
    {
        using var generator = new Generator(5);
        return (rand([batch, tokens], generator: generator) * Config.VocabularySize).to(ScalarType.Int64);
    }
}
