using Rer.Engine.Input;
using static TorchSharp.torch;

namespace Rer.Engine.Models.Architectures;

/// <summary>Reads <see cref="ModelConfig"/> from Hugging Face's files. Field names and defaults are transformers'.</summary>
internal static class ModelConfigReader
{
    /// <summary>Most layers, and the largest width, that are believed: a model is laid out, without memory, before its weights are looked
    /// at.</summary>
    internal const int MostLayers = 10_000, MostWidth = 1 << 24;

    internal static ModelConfig Read(string folder)
    {
        var path = Path.Combine(folder, "config.json");
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"{folder}: there is no such model folder.");
        if (!File.Exists(path))
            throw new FileNotFoundException($"{folder}: holds no config.json; a Hugging Face model folder is needed.", path);
        var fields = ConfigFields.Read(path);
        var config = FromJson(fields) with { SourceJson = fields.SourceJson };

        var generation = Path.Combine(folder, "generation_config.json");
        if (File.Exists(generation))
        {
            var overlay = ConfigFields.Read(generation);
            // generate() obeys generation_config.json; chat models list their end-of-turn tokens only there.
            config = config with
            {
                BosId = overlay.OptionalInt("bos_token_id") ?? config.BosId,
                EosIds = overlay.Has("eos_token_id") ? overlay.Ids("eos_token_id") : config.EosIds,
                PadId = overlay.OptionalInt("pad_token_id") ?? config.PadId,
            };
        }

        CheckIds(config, folder);
        return config;
    }

    /// <summary>An id that ends a response must be one that the model can give. Others are often stated as -1, or beyond the vocabulary,
    /// for none.</summary>
    private static void CheckIds(ModelConfig config, string folder)
    {
        if (config.EosIds.Where(id => id < 0 || id >= config.VocabularySize).Select(id => (int?)id).FirstOrDefault() is { } outside)
            throw new InvalidDataException(
                $"{folder}: eos_token_id {outside} is outside the vocabulary of {config.VocabularySize}: no response would ever end. "
                    + $"Correct config.json or generation_config.json.");
    }

    private static ModelConfig FromJson(ConfigFields fields)
    {
        var family = ArchitectureRegistry.FamilyOf(fields);
        ConfigRules.Check(fields);
        var config = family.ModelType switch
        {
            "gpt2" => Gpt2(fields),
            "gpt_neox" => GptNeoX(fields),
            _ => Llama(fields, family.ModelType),
        };
        config = config with { ModelType = family.ModelType, Architecture = fields.FirstText("architectures", family.LanguageModel) };
        CheckWidths(config, fields);
        return config.RopeScaling is { } scaling ? config with { MaxPositions = scaling.ContextOf(config.MaxPositions) } : config;
    }

    private static ModelConfig Llama(ConfigFields fields, string type)
    {
        var hidden = fields.Size("hidden_size", MostWidth);
        var heads = fields.Size("num_attention_heads", MostWidth);
        var layers = fields.Size("num_hidden_layers", MostLayers);
        var positions = fields.Size("max_position_embeddings", int.MaxValue);
        var bias = fields.Flag("attention_bias", false);
        var rope = new RopeFields(fields);
        var keyValueHeads = fields.OptionalSize("num_key_value_heads", MostWidth) ?? heads;
        if (heads % keyValueHeads != 0)
            throw new InvalidDataException(
                $"{fields.Path}: num_attention_heads ({heads}) is not a multiple of num_key_value_heads ({keyValueHeads}).");
        return Shared(fields) with
        {
            HiddenSize = hidden,
            IntermediateSize = fields.Size("intermediate_size", MostWidth),
            Layers = layers,
            Heads = heads,
            KeyValueHeads = keyValueHeads,
            HeadSize = fields.OptionalSize("head_dim", MostWidth) ?? (type == "qwen3" ? 128 : HeadSize(fields, hidden, heads)),
            MaxPositions = positions,
            NormEpsilon = fields.NotNegative("rms_norm_eps", 1e-6),
            RopeTheta = rope.Theta(10_000),
            RotaryFraction = rope.Fraction(1),
            RopeScaling = rope.Scaling(positions),
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
        "mistral" => fields.Stated("sliding_window") ? fields.OptionalSize("sliding_window", int.MaxValue) : 4096,
        "qwen2" or "qwen3" when fields.Flag("use_sliding_window", false) =>
            fields.Stated("sliding_window") ? fields.OptionalSize("sliding_window", int.MaxValue) : 4096,
        _ => null,
    };

    private static IReadOnlyList<bool>? WindowLayers(ConfigFields fields, string type, int layers)
    {
        if (type is not ("qwen2" or "qwen3")) return null;
        if (fields.Has("layer_types"))
        {
            var types = fields.Texts("layer_types", layers);
            return types.FirstOrDefault(layer => layer is not ("sliding_attention" or "full_attention")) is { } unknown
                ? throw new InvalidDataException(
                    $"{fields.Path}: layer_types: '{Excerpt.Of(unknown)}' is not supported. Supported: full_attention, sliding_attention.")
                : [.. types.Select(layer => layer == "sliding_attention")];
        }

        var first = fields.OptionalInt("max_window_layers") ?? 28;
        return [.. Enumerable.Range(0, layers).Select(layer => layer >= first)];
    }

    /// <summary>Products of sizes must stay numbers that can be computed with, and rotation needs pairs.</summary>
    private static void CheckWidths(ModelConfig config, ConfigFields fields)
    {
        if ((long)config.Heads * config.HeadSize > MostWidth)
            throw new InvalidDataException(
                $"{fields.Path}: {config.Heads} heads of {config.HeadSize} are {(long)config.Heads * config.HeadSize} wide, which is "
                + $"outside [1, {MostWidth}].");
        var rotated = (int)(config.HeadSize * config.RotaryFraction);
        if (config.ModelType != "gpt2" && (rotated < 2 || rotated % 2 != 0))
            throw new InvalidDataException(
                $"{fields.Path}: {rotated} of a head's {config.HeadSize} values are rotated; rotary positions need an even number of "
                + $"them, 2 or more.");
    }

    private static int HeadSize(ConfigFields fields, int hidden, int heads) => hidden % heads == 0
        ? hidden / heads
        : throw new InvalidDataException(
            $"{fields.Path}: the hidden size ({hidden}) is not a multiple of the number of attention heads ({heads}).");

    private static ModelConfig Gpt2(ConfigFields fields)
    {
        var hidden = fields.Size("n_embd", MostWidth);
        var heads = fields.Size("n_head", MostWidth);
        fields.OneOf("add_cross_attention", "False", "False");
        return Shared(fields) with
        {
            HiddenSize = hidden,
            IntermediateSize = fields.OptionalSize("n_inner", MostWidth) ?? 4 * hidden,
            Layers = fields.Size("n_layer", MostLayers),
            Heads = heads,
            KeyValueHeads = heads,
            HeadSize = HeadSize(fields, hidden, heads),
            MaxPositions = fields.Size("n_positions", int.MaxValue),
            NormEpsilon = fields.NotNegative("layer_norm_epsilon", 1e-5),
            TieWordEmbeddings = fields.Flag("tie_word_embeddings", true),
            ScaleAttention = fields.Flag("scale_attn_weights", true),
            ScaleAttentionByLayer = fields.Flag("scale_attn_by_inverse_layer_idx", false),
            Activation = fields.OneOf("activation_function", "gelu_new", Activations.Names),
        };
    }

    private static ModelConfig GptNeoX(ConfigFields fields)
    {
        var hidden = fields.Size("hidden_size", MostWidth);
        var heads = fields.Size("num_attention_heads", MostWidth);
        var positions = fields.Size("max_position_embeddings", int.MaxValue);
        var rope = new RopeFields(fields);
        return Shared(fields) with
        {
            HiddenSize = hidden,
            IntermediateSize = fields.Size("intermediate_size", MostWidth),
            Layers = fields.Size("num_hidden_layers", MostLayers),
            Heads = heads,
            KeyValueHeads = heads,
            HeadSize = HeadSize(fields, hidden, heads),
            MaxPositions = positions,
            QueryKeyValueBias = fields.Flag("attention_bias", true),
            NormEpsilon = fields.NotNegative("layer_norm_eps", 1e-5),
            RopeTheta = rope.Theta(10_000, fields.Has("rotary_emb_base") ? "rotary_emb_base" : "rope_theta"),
            RotaryFraction = rope.Fraction(0.25),
            RopeScaling = rope.Scaling(positions),
            TieWordEmbeddings = fields.Flag("tie_word_embeddings", false),
            ParallelResidual = fields.Flag("use_parallel_residual", true),
            Activation = fields.OneOf("hidden_act", "gelu", Activations.Names),
        };
    }

    /// <summary>What every architecture names alike; the sizes are filled in by the caller.</summary>
    private static ModelConfig Shared(ConfigFields fields) => new()
    {
        VocabularySize = fields.Size("vocab_size", int.MaxValue),
        HiddenSize = 0,
        IntermediateSize = 0,
        Layers = 0,
        Heads = 0,
        KeyValueHeads = 0,
        HeadSize = 0,
        MaxPositions = 0,
        InitializerRange = fields.NotNegative("initializer_range", 0.02),
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
}
