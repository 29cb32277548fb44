using System.Text;
using System.Text.Json;
using Rer.Engine.Tokenizers;
using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>Reads <see cref="ModelConfig"/> from Hugging Face's files. Field names and defaults are transformers'.</summary>
public static class ModelConfigReader
{
    /// <summary>The values of `model_type` that can be read.</summary>
    public static IReadOnlyList<string> SupportedModelTypes { get; } = ["llama", "mistral", "qwen2", "qwen3", "gpt2", "gpt_neox"];

    internal static ModelConfig Read(string folder)
    {
        var path = Path.Combine(folder, "config.json");
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"{folder}: there is no such model folder.");
        if (!File.Exists(path)) throw new FileNotFoundException($"{folder}: holds no config.json; a Hugging Face model folder is needed.", path);
        var text = File.ReadAllText(path);
        using var json = Parse(text, path);
        var config = FromJson(new ConfigFields(json.RootElement, path)) with { SourceJson = text };

        var generation = Path.Combine(folder, "generation_config.json");
        if (!File.Exists(generation)) return config;
        using var overlay = Parse(File.ReadAllText(generation), generation);
        var fields = new ConfigFields(overlay.RootElement, generation);
        // generate() obeys generation_config.json; chat models list their end-of-turn tokens only there.
        return config with
        {
            BosId = fields.OptionalInt("bos_token_id") ?? config.BosId,
            EosIds = fields.Has("eos_token_id") ? fields.Ids("eos_token_id") : config.EosIds,
            PadId = fields.OptionalInt("pad_token_id") ?? config.PadId,
        };
    }

    private static ModelConfig FromJson(ConfigFields fields)
    {
        var type = fields.Text("model_type", "");
        return type switch
        {
            "llama" or "mistral" or "qwen2" or "qwen3" => Llama(fields, type),
            "gpt2" => Gpt2(fields),
            "gpt_neox" => GptNeoX(fields),
            _ => throw new NotSupportedException(
                $"{fields.Path}: model_type '{type}' is not supported. Supported: {string.Join(", ", SupportedModelTypes)}."),
        };
    }

    private static ModelConfig Llama(ConfigFields fields, string type)
    {
        var hidden = fields.PositiveInt("hidden_size");
        var heads = fields.PositiveInt("num_attention_heads");
        var bias = fields.Flag("attention_bias", false);
        var config = Shared(fields, "LlamaForCausalLM") with
        {
            ModelType = type,
            HiddenSize = hidden,
            IntermediateSize = fields.PositiveInt("intermediate_size"),
            Layers = fields.PositiveInt("num_hidden_layers"),
            Heads = heads,
            KeyValueHeads = fields.OptionalInt("num_key_value_heads") ?? heads,
            HeadSize = fields.OptionalInt("head_dim") ?? hidden / heads,
            MaxPositions = fields.PositiveInt("max_position_embeddings"),
            NormEpsilon = fields.Number("rms_norm_eps", 1e-6),
            RopeTheta = fields.RopeTheta(10_000),
            RotaryFraction = fields.RotaryFraction(1),
            RopeScaling = fields.RopeScaling(),
            TieWordEmbeddings = fields.Flag("tie_word_embeddings", false),
            QueryKeyValueBias = bias || type == "qwen2",
            AttentionOutputBias = bias && type != "qwen2",
            FeedForwardBias = fields.Flag("mlp_bias", false),
            QueryKeyNorm = type == "qwen3",
            Activation = fields.OneOf("hidden_act", "silu", "silu"),
        };
        var windowed = type == "mistral" || fields.Flag("use_sliding_window", false);
        config = windowed
            ? config with
            {
                SlidingWindow = fields.OptionalInt("sliding_window"),
                SlidingWindowFromLayer = type == "mistral" ? 0 : fields.OptionalInt("max_window_layers") ?? 0,
            }
            : config;
        if (config.Heads % config.KeyValueHeads != 0)
            throw new InvalidDataException($"{fields.Path}: num_attention_heads ({heads}) is not a multiple of num_key_value_heads ({config.KeyValueHeads}).");
        return config;
    }

    private static ModelConfig Gpt2(ConfigFields fields)
    {
        var hidden = fields.PositiveInt("n_embd");
        var heads = fields.PositiveInt("n_head");
        fields.OneOf("scale_attn_weights", "True", "True");
        fields.OneOf("scale_attn_by_inverse_layer_idx", "False", "False");
        return Shared(fields, "GPT2LMHeadModel") with
        {
            ModelType = "gpt2",
            HiddenSize = hidden,
            IntermediateSize = fields.OptionalInt("n_inner") ?? 4 * hidden,
            Layers = fields.PositiveInt("n_layer"),
            Heads = heads,
            KeyValueHeads = heads,
            HeadSize = hidden / heads,
            MaxPositions = fields.PositiveInt("n_positions"),
            NormEpsilon = fields.Number("layer_norm_epsilon", 1e-5),
            TieWordEmbeddings = fields.Flag("tie_word_embeddings", true),
            Activation = fields.OneOf("activation_function", "gelu_new", Activations.Names),
        };
    }

    private static ModelConfig GptNeoX(ConfigFields fields)
    {
        var hidden = fields.PositiveInt("hidden_size");
        var heads = fields.PositiveInt("num_attention_heads");
        fields.OneOf("attention_bias", "True", "True");
        return Shared(fields, "GPTNeoXForCausalLM") with
        {
            ModelType = "gpt_neox",
            HiddenSize = hidden,
            IntermediateSize = fields.PositiveInt("intermediate_size"),
            Layers = fields.PositiveInt("num_hidden_layers"),
            Heads = heads,
            KeyValueHeads = heads,
            HeadSize = hidden / heads,
            MaxPositions = fields.PositiveInt("max_position_embeddings"),
            NormEpsilon = fields.Number("layer_norm_eps", 1e-5),
            RopeTheta = fields.Has("rotary_emb_base") ? fields.Number("rotary_emb_base", 10_000) : fields.RopeTheta(10_000),
            RotaryFraction = fields.RotaryFraction(0.25),
            RopeScaling = fields.RopeScaling(),
            TieWordEmbeddings = fields.Flag("tie_word_embeddings", false),
            ParallelResidual = fields.Flag("use_parallel_residual", true),
            Activation = fields.OneOf("hidden_act", "gelu", Activations.Names),
        };
    }

    /// <summary>What every architecture names alike; the sizes are filled in by the caller.</summary>
    private static ModelConfig Shared(ConfigFields fields, string architecture) => new()
    {
        Architecture = fields.FirstText("architectures", architecture),
        VocabularySize = fields.PositiveInt("vocab_size"),
        HiddenSize = 0,
        IntermediateSize = 0,
        Layers = 0,
        Heads = 0,
        KeyValueHeads = 0,
        HeadSize = 0,
        MaxPositions = 0,
        InitializerRange = fields.Number("initializer_range", 0.02),
        BosId = fields.OptionalInt("bos_token_id"),
        EosIds = fields.Ids("eos_token_id"),
        PadId = fields.OptionalInt("pad_token_id"),
        CheckpointType = fields.Text(fields.Has("dtype") ? "dtype" : "torch_dtype", "") switch
        {
            "float32" => ScalarType.Float32,
            "float16" => ScalarType.Float16,
            "bfloat16" => ScalarType.BFloat16,
            _ => null,
        },
    };

    private static JsonDocument Parse(string text, string path)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}: {FileKind.Describe(Encoding.UTF8.GetBytes(text))}, not JSON ({error.Message}).", error);
        }
    }
}
