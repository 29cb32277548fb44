using Rer.Engine.Models;
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
        "llama-yarn" => Config with { RopeScaling = new RopeScaling("yarn", 4, OriginalMaxPositions: 16) { AttentionFactor = RopeScaling.YarnAttention(4) } },
        "mistral" => Config with { ModelType = "mistral", SlidingWindow = 5 },
        "qwen2" => Config with { ModelType = "qwen2", QueryKeyValueBias = true, TieWordEmbeddings = true },
        "qwen3" => Config with { ModelType = "qwen3", QueryKeyNorm = true, HeadSize = 16 },
        "gpt2" => Config with { ModelType = "gpt2", KeyValueHeads = 4, Activation = "gelu_new", TieWordEmbeddings = true },
        "gpt2-scaled" => Variant("gpt2") with { ScaleAttention = false, ScaleAttentionByLayer = true },
        "gpt_neox" => Config with { ModelType = "gpt_neox", KeyValueHeads = 4, Activation = "gelu", QueryKeyValueBias = true, ParallelResidual = true, RotaryFraction = 0.25 },
        "gpt_neox-sequential" => Variant("gpt_neox") with { ParallelResidual = false, RotaryFraction = 1 },
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such variant."),
    };

    /// <summary>Names of <see cref="Variant"/>.</summary>
    public static TheoryData<string> Variants { get; } =
        new("llama", "llama-3-rope", "llama-yarn", "mistral", "qwen2", "qwen3", "gpt2", "gpt2-scaled", "gpt_neox", "gpt_neox-sequential");

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
