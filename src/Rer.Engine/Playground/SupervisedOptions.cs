namespace Rer.Engine.Playground;

/// <summary>How a policy is trained on answers.</summary>
public sealed record SupervisedOptions
{
    /// <summary>Updates. Default 8,000.</summary>
    public int Steps { get; init; } = 8000;

    /// <summary>Padded tokens an update sees. Default 1,024.</summary>
    public int TokensPerBatch { get; init; } = 1024;

    /// <summary>Adam's peak learning rate; linear warm-up over a twentieth of the steps, then half a cosine. Default 3e-3.</summary>
    public double LearningRate { get; init; } = 3e-3;

    /// <summary>Decay of Adam's second moment. Default .98: a short training cannot wait for a thousand steps of memory.</summary>
    public double Beta2 { get; init; } = 0.98;

    /// <summary>The gradient's norm is clipped to this. Default 1.</summary>
    public double MaxGradientNorm { get; init; } = 1;

    /// <summary>Seed of the order of the batches. Default 1.</summary>
    public int Seed { get; init; } = 1;
}
