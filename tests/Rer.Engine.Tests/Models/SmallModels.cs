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
