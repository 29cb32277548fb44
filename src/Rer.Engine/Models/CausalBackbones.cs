using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>From `architectures` in config.json to a model.</summary>
public static class CausalBackbones
{
    private static readonly Dictionary<string, string> ModelTypes = new()
    {
        ["LlamaForCausalLM"] = "llama",
        ["MistralForCausalLM"] = "mistral",
        ["Qwen2ForCausalLM"] = "qwen2",
        ["Qwen3ForCausalLM"] = "qwen3",
        ["GPT2LMHeadModel"] = "gpt2",
        ["GPTNeoXForCausalLM"] = "gpt_neox",
    };

    /// <summary>Architectures that can be a policy.</summary>
    public static IReadOnlyList<string> SupportedArchitectures { get; } = [.. ModelTypes.Keys];

    /// <summary>Lays out a model by its `model_type`; weights are undefined until loaded or initialised.</summary>
    /// <param name="config">Its shape.</param>
    /// <param name="device">Where the weights live.</param>
    /// <param name="type">Their type.</param>
    /// <param name="prefix">What published names of a Llama begin with (`transformer.` in some reward models); null is `model.`.</param>
    /// <param name="withHead">Whether it has an output head.</param>
    /// <exception cref="NotSupportedException">No model of that type is known; the message lists those that are.</exception>
    public static ICausalBackbone Create(ModelConfig config, Device device, ScalarType type, string? prefix = null, bool withHead = true) =>
        config.ModelType switch
        {
            "llama" or "mistral" or "qwen2" or "qwen3" => new LlamaModel(config, new WeightStore(device, type), prefix ?? "model.", withHead),
            "gpt2" => new Gpt2Model(config, new WeightStore(device, type), withHead),
            "gpt_neox" => new GptNeoXModel(config, new WeightStore(device, type), withHead),
            _ => throw new NotSupportedException(
                $"model_type '{config.ModelType}' is not supported. Supported: {string.Join(", ", ModelTypes.Values.Distinct())}."),
        };

    /// <summary>Checks that a folder's model is a language model of a known architecture.</summary>
    /// <exception cref="NotSupportedException">It is not; the message lists those that are.</exception>
    internal static void RequirePolicy(ModelConfig config, string folder)
    {
        if (!ModelTypes.ContainsKey(config.Architecture))
            throw new NotSupportedException(
                $"{folder}: architecture '{config.Architecture}' cannot be a policy. Supported: {string.Join(", ", SupportedArchitectures)}.");
    }
}
