namespace Rer.Engine.Gold;

/// <summary>How a gold reward model is fitted to preference pairs.</summary>
public sealed record BradleyTerryOptions
{
    /// <summary>Updates. Default 1,000.</summary>
    public int Steps { get; init; } = 1000;

    /// <summary>Padded tokens an update sees, chosen and rejected together. Default 4,096.</summary>
    public int TokensPerBatch { get; init; } = 4096;

    /// <summary>Adam's peak learning rate; linear warm-up over a twentieth of the steps, then half a cosine. Default 5e-4.</summary>
    public double LearningRate { get; init; } = 5e-4;

    /// <summary>Decay of Adam's second moment. Default .999 (PyTorch).</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>The gradient's norm is clipped to this. Default 1.</summary>
    public double MaxGradientNorm { get; init; } = 1;

    /// <summary>
    /// Logits that one unit of reward is worth: the loss is -log sigmoid(scale * (chosen - rejected)). It changes the unit of the
    /// rewards, not their order. Default 1.
    /// </summary>
    public double Scale { get; init; } = 1;

    /// <summary>Longer sequences lose their beginning. Default 1,024 tokens.</summary>
    public int MaxTokens { get; init; } = 1024;

    /// <summary>Seed of the order of the pairs. Default 1.</summary>
    public int Seed { get; init; } = 1;
}
