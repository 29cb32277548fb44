namespace Rer.Engine.Playground;

/// <summary>How a policy is trained on answers.</summary>
public sealed record SupervisedOptions
{
    /// <summary>Updates. Default 6,000.</summary>
    public int Steps { get; init; } = 6000;

    /// <summary>Padded tokens an update sees. Default 2,048.</summary>
    public int TokensPerBatch { get; init; } = 2048;

    /// <summary>Adam's peak learning rate; linear warm-up over a twentieth of the steps, then half a cosine. Default 3e-3.</summary>
    public double LearningRate { get; init; } = 3e-3;

    /// <summary>The gradient's norm is clipped to this. Default 1.</summary>
    public double MaxGradientNorm { get; init; } = 1;

    /// <summary>Seed of the order of the batches. Default 1.</summary>
    public int Seed { get; init; } = 1;
}
