using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>The architectures known: from `architectures` and `model_type` in config.json to what builds them.</summary>
public static class Architectures
{
    private static readonly CausalFamily[] Causal =
    [
        Llama("llama", "Llama"),
        Llama("mistral", "Mistral"),
        Llama("qwen2", "Qwen2"),
        Llama("qwen3", "Qwen3"),
        new("gpt2", "GPT2LMHeadModel", "GPT2ForSequenceClassification", "transformer.", ["c_attn"],
            (config, weights, prefix, withHead) => new Gpt2Model(config, weights, prefix, withHead)),
        new("gpt_neox", "GPTNeoXForCausalLM", "GPTNeoXForSequenceClassification", "gpt_neox.", ["query_key_value"],
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

    /// <summary>Lays out a decoder-only model; weights are undefined until loaded or initialised.</summary>
    /// <param name="config">Its shape.</param>
    /// <param name="device">Where the weights live.</param>
    /// <param name="type">Their type.</param>
    /// <param name="prefix">What its published names begin with; null is the family's (`model.` for Llama).</param>
    /// <param name="withHead">Whether it has a language head.</param>
    /// <exception cref="NotSupportedException">No model of that type is known; the message lists those that are.</exception>
    public static ICausalBackbone Create(ModelConfig config, Device device, ScalarType type, string? prefix = null, bool withHead = true)
    {
        var family = Family(config.ModelType) ?? throw new NotSupportedException($"model_type '{config.ModelType}' is not supported. {Supported}");
        return family.Build(config, new WeightStore(device, type), prefix ?? family.Prefix, withHead);
    }

    /// <summary>The modules of a model that PEFT adapts where it is told none.</summary>
    internal static IReadOnlyList<string> LoraTargets(ModelConfig config) => Family(config.ModelType)?.LoraTargets ?? [];

    /// <summary>The architecture that scores sequences on a model's backbone.</summary>
    internal static string ClassifierOf(ModelConfig config) =>
        Family(config.ModelType)?.Classifier ?? throw new NotSupportedException($"model_type '{config.ModelType}' is not supported. {Supported}");

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
            ?? throw new NotSupportedException($"{fields.Path}: architecture '{architecture}' (model_type '{type}') is not supported here. {Supported}");
    }

    /// <summary>Checks that a folder's model is a language model of a known architecture.</summary>
    /// <exception cref="NotSupportedException">It is not; the message lists those that are.</exception>
    internal static void RequirePolicy(ModelConfig config, string folder)
    {
        if (!LanguageModels.Contains(config.Architecture))
            throw new NotSupportedException(
                $"{folder}: architecture '{config.Architecture}' cannot be a policy. Supported: {string.Join(", ", LanguageModels)}.");
    }

    private static string Supported =>
        $"Supported as policies: {string.Join(", ", LanguageModels)}; as gold reward models: {string.Join(", ", Classifiers)}; as encoders: {string.Join(", ", Encoders)}.";

    private static CausalFamily? Family(string modelType) => Causal.FirstOrDefault(family => family.ModelType == modelType);

    private static CausalFamily Llama(string modelType, string name) => new(
        modelType, $"{name}ForCausalLM", $"{name}ForSequenceClassification", "model.", ["q_proj", "v_proj"],
        (config, weights, prefix, withHead) => new LlamaModel(config, weights, prefix, withHead));
}
