using Rer.Engine.Input;
using Rer.Engine.Models.Weights;
using static TorchSharp.torch;

namespace Rer.Engine.Models.Architectures;

/// <summary>The architectures known: from `architectures` and `model_type` in config.json to what builds them.</summary>
public static class ArchitectureRegistry
{
    private static readonly CausalFamily[] Causal =
    [
        Llama("llama", "Llama"),
        Llama("mistral", "Mistral"),
        Llama("qwen2", "Qwen2"),
        Llama("qwen3", "Qwen3"),
        new("gpt2", "GPT2LMHeadModel", "GPT2ForSequenceClassification", "transformer.", ["c_attn"],
            config =>
            [
                new(config.HiddenSize, [("attn.c_attn", 3 * config.HiddenSize)]),
                new(config.HiddenSize, [("attn.c_proj", config.HiddenSize)]),
                new(config.HiddenSize, [("mlp.c_fc", config.IntermediateSize)]),
                new(config.IntermediateSize, [("mlp.c_proj", config.HiddenSize)]),
            ],
            (config, weights, prefix, withHead) => new Gpt2Model(config, weights, prefix, withHead)),
        new("gpt_neox", "GPTNeoXForCausalLM", "GPTNeoXForSequenceClassification", "gpt_neox.", ["query_key_value"],
            config =>
            [
                new(config.HiddenSize, [("attention.query_key_value", 3 * config.HiddenSize)]),
                new(config.HiddenSize, [("attention.dense", config.HiddenSize)]),
                new(config.HiddenSize, [("mlp.dense_h_to_4h", config.IntermediateSize)]),
                new(config.IntermediateSize, [("mlp.dense_4h_to_h", config.HiddenSize)]),
            ],
            (config, weights, prefix, withHead) => new GptNeoXModel(config, weights, prefix, withHead)),
    ];

    /// <summary>Encoders' `model_type` and the beginning of their architectures' names.</summary>
    private static readonly (string ModelType, string Name)[] EncoderFamilies =
        [("bert", "Bert"), ("roberta", "Roberta"), ("xlm-roberta", "XLMRoberta"), ("camembert", "Camembert")];

    /// <summary>Architectures that can be a policy.</summary>
    public static IReadOnlyList<string> LanguageModels { get; } = [.. Causal.Select(family => family.LanguageModel)];

    /// <summary>Architectures that score a text with a linear head: gold reward models.</summary>
    public static IReadOnlyList<string> Classifiers { get; } =
        [.. Causal.Select(family => family.Classifier), .. EncoderFamilies.Select(family => $"{family.Name}ForSequenceClassification")];

    /// <summary>Architectures that embed texts.</summary>
    public static IReadOnlyList<string> Encoders { get; } =
        [.. EncoderFamilies.SelectMany(family => (string[])[$"{family.Name}Model", $"{family.Name}ForMaskedLM"])];

    /// <summary>Whether a `model_type` is that of an encoder.</summary>
    public static bool IsEncoder(string modelType) => EncoderFamilies.Any(family => family.ModelType == modelType);

    /// <summary>Whether a folder's config.json is an encoder's.</summary>
    public static bool IsEncoderFolder(string folder)
    {
        var path = Path.Combine(folder, "config.json");
        return File.Exists(path) && IsEncoder(ConfigFields.Read(path).Text("model_type", ""));
    }

    /// <summary>Lays out a decoder-only model; weights are undefined until loaded or initialised.</summary>
    /// <param name="config">Its shape.</param>
    /// <param name="device">Where the weights live.</param>
    /// <param name="type">Their type.</param>
    /// <param name="prefix">What its published names begin with; null is the family's (`model.` for Llama).</param>
    /// <param name="withHead">Whether it has a language head.</param>
    /// <exception cref="NotSupportedException">No model of that type is known; the message lists those that are.</exception>
    public static ICausalBackbone Create(ModelConfig config, Device device, ScalarType type, string? prefix = null, bool withHead = true)
    {
        var family =
            Family(config.ModelType) ?? throw new NotSupportedException($"model_type '{config.ModelType}' is not supported. {Supported}");
        return family.Build(config, new WeightStore(device, type), prefix ?? family.Prefix, withHead);
    }

    /// <summary>
    /// Checks that a folder's weights are those of a model, by their headers alone: no weight is read, and nothing is allocated for
    /// sizes that config.json claims and no file holds.
    /// </summary>
    /// <param name="config">The model's shape.</param>
    /// <param name="weights">The folder's weights.</param>
    /// <param name="prefix">As in <see cref="Create"/>.</param>
    /// <param name="withHead">As in <see cref="Create"/>.</param>
    /// <param name="besides">Whether a tensor that the model has not may be there all the same; null allows those that every such model
    /// may have.</param>
    /// <exception cref="InvalidDataException">Tensors are missing, extra, of another shape or of a type that cannot be read; all are
    /// listed.</exception>
    internal static void Check(
        ModelConfig config, WeightFolder weights, string? prefix = null, bool withHead = true, Func<string, bool>? besides = null)
    {
        // On the meta device a model has shapes and no memory.
        using var model = Create(config, META, ScalarType.Float32, prefix, withHead);
        model.Weights.Check(weights, name => model.IsIgnorable(name) || besides?.Invoke(name) == true);
    }

    /// <summary>The linear layers of each block.</summary>
    internal static IReadOnlyList<BlockProjection> Projections(ModelConfig config) => Family(config.ModelType)!.Projections(config);

    /// <summary>Why LoRA targets do not fit a model; null where they do.</summary>
    internal static string? TargetProblem(ModelConfig config, IReadOnlyList<string> targets)
    {
        var family = Family(config.ModelType)!;
        var projections = family.Projections(config);
        var unknown = targets.Where(target => projections.All(projection => !projection.Adapted([target]).Any())).ToArray();
        if (unknown.Length == 0) return null;
        var known = projections.SelectMany(projection => projection.Modules).Select(module => module.Name.Split('.')[^1]).Distinct();
        return $"{string.Join(", ", unknown)}: a {config.ModelType} has no such module. It has {string.Join(", ", known)}; PEFT adapts "
            + $"{string.Join(", ", family.LoraTargets)}.";
    }

    /// <summary>The architecture that scores sequences on a model's backbone.</summary>
    internal static string ClassifierOf(ModelConfig config) =>
        Family(config.ModelType)?.Classifier
            ?? throw new NotSupportedException($"model_type '{config.ModelType}' is not supported. {Supported}");

    /// <summary>
    /// The family's `model_type`: as config.json states it, or where that is a name of a repository's own, by its architecture.
    /// </summary>
    /// <exception cref="NotSupportedException">Neither is known; the message lists what is supported.</exception>
    internal static CausalFamily FamilyOf(ConfigFields fields)
    {
        var (type, architecture) = (fields.Text("model_type", ""), fields.FirstText("architectures", ""));
        // OpenAssistant's reward models name a type of their own for the same backbone.
        if (type == "gpt_neox_reward_model") type = "gpt_neox";
        return Family(type) ?? Causal.FirstOrDefault(family => architecture == family.LanguageModel || architecture == family.Classifier)
            ?? throw new NotSupportedException(
                $"{fields.Path}: architecture '{Excerpt.Of(architecture)}' (model_type '{Excerpt.Of(type)}') cannot be used. {Supported}");
    }

    /// <summary>Checks that a folder's model is a language model of a known architecture.</summary>
    /// <exception cref="NotSupportedException">It is not; the message lists those that are.</exception>
    internal static void RequirePolicy(ModelConfig config, string folder)
    {
        if (!LanguageModels.Contains(config.Architecture))
            throw new NotSupportedException(
                $"{folder}: architecture '{Excerpt.Of(config.Architecture)}' cannot be a policy. Supported: "
                    + $"{string.Join(", ", LanguageModels)}.");
    }

    private static string Supported =>
        $"Supported as policies: {string.Join(", ", LanguageModels)}; as gold reward models: {string.Join(", ", Classifiers)}; as "
            + $"encoders: {string.Join(", ", Encoders)}.";

    private static CausalFamily? Family(string modelType) => Causal.FirstOrDefault(family => family.ModelType == modelType);

    private static CausalFamily Llama(string modelType, string name) => new(
        modelType, $"{name}ForCausalLM", $"{name}ForSequenceClassification", "model.", ["q_proj", "v_proj"],
        config =>
        {
            var (query, key) = (config.Heads * config.HeadSize, config.KeyValueHeads * config.HeadSize);
            return
            [
                new(config.HiddenSize, [("self_attn.q_proj", query), ("self_attn.k_proj", key), ("self_attn.v_proj", key)]),
                new(query, [("self_attn.o_proj", config.HiddenSize)]),
                new(config.HiddenSize, [("mlp.gate_proj", config.IntermediateSize), ("mlp.up_proj", config.IntermediateSize)]),
                new(config.IntermediateSize, [("mlp.down_proj", config.HiddenSize)]),
            ];
        },
        (config, weights, prefix, withHead) => new LlamaModel(config, weights, prefix, withHead));
}

/// <summary>Decoder-only models that one `model_type` names.</summary>
/// <param name="ModelType">`model_type` of config.json.</param>
/// <param name="LanguageModel">The architecture that can be a policy.</param>
/// <param name="Classifier">The architecture that scores whole sequences.</param>
/// <param name="Prefix">What the backbone's published names begin with.</param>
/// <param name="LoraTargets">The modules that PEFT adapts by default.</param>
/// <param name="Projections">The linear layers of a block, as they are computed: each with the published modules it serves.</param>
/// <param name="Build">Lays out a model: shape, empty store, prefix of its names, whether it has a language head.</param>
internal sealed record CausalFamily(
    string ModelType, string LanguageModel, string Classifier, string Prefix, IReadOnlyList<string> LoraTargets,
    Func<ModelConfig, IReadOnlyList<BlockProjection>> Projections,
    Func<ModelConfig, WeightStore, string, bool, ICausalBackbone> Build);
