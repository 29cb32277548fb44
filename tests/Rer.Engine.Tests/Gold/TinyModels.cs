using Rer.Engine.Models.Architectures;

namespace Rer.Engine.Tests.Gold;

/// <summary>Models small enough to train within a test.</summary>
internal static class TinyModels
{
    public static ModelConfig Config(int vocabulary = 128) => new()
    {
        VocabularySize = vocabulary,
        HiddenSize = 32,
        IntermediateSize = 64,
        Layers = 2,
        Heads = 2,
        KeyValueHeads = 2,
        HeadSize = 16,
        MaxPositions = 64,
        BosId = 1,
        EosIds = [2],
        PadId = 0,
        InitializerRange = 0.1,
    };
}
