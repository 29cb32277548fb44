using System.Text;
using System.Text.Json;
using Rer.Engine.Tokenizers;
using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>Reads <see cref="ModelConfig"/> from Hugging Face's files. Field names and defaults are transformers'.</summary>
public static class ModelConfigReader
{
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
        var family = Architectures.FamilyOf(fields);
        var config = family.ModelType switch
        {
            "gpt2" => Gpt2(fields),
            "gpt_neox" => GptNeoX(fields),
            _ => Llama(fields, family.ModelType),
        };
        config = config with { ModelType = family.ModelType, Architecture = fields.FirstText("architectures", family.LanguageModel) };
        return config.RopeScaling is { } scaling ? config with { MaxPositions = scaling.ContextOf(config.MaxPositions) } : config;
    }

    private static ModelConfig Llama(ConfigFields fields, string type)
    {
        var hidden = fields.PositiveInt("hidden_size");
        var heads = fields.PositiveInt("num_attention_heads");
        var layers = fields.PositiveInt("num_hidden_layers");
        var positions = fields.PositiveInt("max_position_embeddings");
        var bias = fields.Flag("attention_bias", false);
        var keyValueHeads = fields.OptionalInt("num_key_value_heads") ?? heads;
        if (keyValueHeads < 1 || heads % keyValueHeads != 0)
            throw new InvalidDataException($"{fields.Path}: num_attention_heads ({heads}) is not a multiple of num_key_value_heads ({keyValueHeads}).");
        return Shared(fields) with
        {
            HiddenSize = hidden,
            IntermediateSize = fields.PositiveInt("intermediate_size"),
            Layers = layers,
            Heads = heads,
            KeyValueHeads = keyValueHeads,
            HeadSize = fields.OptionalInt("head_dim") ?? (type == "qwen3" ? 128 : HeadSize(fields, hidden, heads)),
            MaxPositions = positions,
            NormEpsilon = fields.Number("rms_norm_eps", 1e-6),
            RopeTheta = fields.RopeTheta(10_000),
            RotaryFraction = fields.RotaryFraction(1),
            RopeScaling = fields.RopeScaling(positions),
            TieWordEmbeddings = fields.Flag("tie_word_embeddings", false),
            QueryKeyValueBias = bias || type == "qwen2",
            AttentionOutputBias = bias && type != "qwen2",
            FeedForwardBias = fields.Flag("mlp_bias", false),
            QueryKeyNorm = type == "qwen3",
            Activation = fields.OneOf("hidden_act", "silu", "silu"),
            SlidingWindow = Window(fields, type),
            SlidingWindowLayers = WindowLayers(fields, type, layers),
        };
    }

    private static int? Window(ConfigFields fields, string type) => type switch
    {
        // Mistral's later releases state null: no window. A file that says nothing means the first release's.
        "mistral" => fields.Stated("sliding_window") ? fields.OptionalInt("sliding_window") : 4096,
        "qwen2" or "qwen3" when fields.Flag("use_sliding_window", false) => fields.Stated("sliding_window") ? fields.OptionalInt("sliding_window") : 4096,
        _ => null,
    };

    private static IReadOnlyList<bool>? WindowLayers(ConfigFields fields, string type, int layers)
    {
        if (type is not ("qwen2" or "qwen3")) return null;
        if (fields.Has("layer_types")) return [.. fields.Texts("layer_types", layers).Select(layer => layer == "sliding_attention")];
        var first = fields.OptionalInt("max_window_layers") ?? 28;
        return [.. Enumerable.Range(0, layers).Select(layer => layer >= first)];
    }

    private static int HeadSize(ConfigFields fields, int hidden, int heads) => hidden % heads == 0
        ? hidden / heads
        : throw new InvalidDataException($"{fields.Path}: the hidden size ({hidden}) is not a multiple of the number of attention heads ({heads}).");

    private static ModelConfig Gpt2(ConfigFields fields)
    {
        var hidden = fields.PositiveInt("n_embd");
        var heads = fields.PositiveInt("n_head");
        fields.OneOf("add_cross_attention", "False", "False");
        return Shared(fields) with
        {
            HiddenSize = hidden,
            IntermediateSize = fields.OptionalInt("n_inner") ?? 4 * hidden,
            Layers = fields.PositiveInt("n_layer"),
            Heads = heads,
            KeyValueHeads = heads,
            HeadSize = HeadSize(fields, hidden, heads),
            MaxPositions = fields.PositiveInt("n_positions"),
            NormEpsilon = fields.Number("layer_norm_epsilon", 1e-5),
            TieWordEmbeddings = fields.Flag("tie_word_embeddings", true),
            ScaleAttention = fields.Flag("scale_attn_weights", true),
            ScaleAttentionByLayer = fields.Flag("scale_attn_by_inverse_layer_idx", false),
            Activation = fields.OneOf("activation_function", "gelu_new", Activations.Names),
        };
    }

    private static ModelConfig GptNeoX(ConfigFields fields)
    {
        var hidden = fields.PositiveInt("hidden_size");
        var heads = fields.PositiveInt("num_attention_heads");
        var positions = fields.PositiveInt("max_position_embeddings");
        return Shared(fields) with
        {
            HiddenSize = hidden,
            IntermediateSize = fields.PositiveInt("intermediate_size"),
            Layers = fields.PositiveInt("num_hidden_layers"),
            Heads = heads,
            KeyValueHeads = heads,
            HeadSize = HeadSize(fields, hidden, heads),
            MaxPositions = positions,
            QueryKeyValueBias = fields.Flag("attention_bias", true),
            NormEpsilon = fields.Number("layer_norm_eps", 1e-5),
            RopeTheta = fields.Has("rotary_emb_base") ? fields.Number("rotary_emb_base", 10_000) : fields.RopeTheta(10_000),
            RotaryFraction = fields.RotaryFraction(0.25),
            RopeScaling = fields.RopeScaling(positions),
            TieWordEmbeddings = fields.Flag("tie_word_embeddings", false),
            ParallelResidual = fields.Flag("use_parallel_residual", true),
            Activation = fields.OneOf("hidden_act", "gelu", Activations.Names),
        };
    }

    /// <summary>What every architecture names alike; the sizes are filled in by the caller.</summary>
    private static ModelConfig Shared(ConfigFields fields) => new()
    {
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
