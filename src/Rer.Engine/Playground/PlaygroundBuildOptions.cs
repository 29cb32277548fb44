namespace Rer.Engine.Playground;

/// <summary>How the playground is built. The defaults are what ships; a test builds a smaller one.</summary>
public sealed record PlaygroundBuildOptions
{
    /// <summary>Seed of the world, the data, the models and their training. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// Entries of the tokenizer's vocabulary, special tokens and bytes included. Default 1,472: every common word of the world is one
    /// token.
    /// </summary>
    public int Vocabulary { get; init; } = 1472;

    /// <summary>Width of both models. Default 128.</summary>
    public int HiddenSize { get; init; } = 128;

    /// <summary>Layers of both models. Default 4.</summary>
    public int Layers { get; init; } = 4;

    /// <summary>How the policy is trained.</summary>
    public SupervisedOptions Policy { get; init; } = new();

    /// <summary>
    /// How the gold model's own backbone is trained before its preferences: on right answers alone, and shorter than the policy, for
    /// weights that have settled less learn to judge faster. Default 3,500 updates.
    /// </summary>
    public SupervisedOptions GoldBackbone { get; init; } = new() { Steps = 3500 };

    /// <summary>How the gold model is trained.</summary>
    public Gold.BradleyTerryOptions Gold { get; init; } = new()
    {
        Steps = 6000,
        TokensPerBatch = 2048,
        LearningRate = 1e-3,
        Beta2 = 0.98,
        // A unit of reward is then a unit of the rubric.
        Scale = PreferenceSource.Sharpness,
    };

    /// <summary>CPU threads. The weights depend on it in the last bits, so rebuilding needs the same number. Default 1.</summary>
    public int Threads { get; init; } = 1;
}
