using Rer.Engine.Options;

namespace Rer.Engine.Evaluation;

/// <summary>How checkpoints are evaluated.</summary>
[OptionSection("eval-")]
public sealed record EvaluationOptions
{
    /// <summary>PPO steps between evaluations and checkpoints. Default 500, the paper's.</summary>
    [Bounds(1, 100_000_000)]
    public int Every { get; init; } = 500;

    /// <summary>Responses sampled for each query; at least 2, so that they can be compared. Default 4.</summary>
    [Bounds(2, 1024)]
    public int Responses { get; init; } = 4;

    /// <summary>Number of evaluation queries, the first of the set; 0 uses all. Default 0.</summary>
    [Bounds(0, 10_000_000)]
    public int Queries { get; init; }

    /// <summary>Sampling temperature. Default 0.7.</summary>
    [Bounds(0, 1000, LowOpen = true)]
    public double Temperature { get; init; } = 0.7;

    /// <summary>Nucleus (top-p) sampling. Default 1 (off).</summary>
    [Bounds(0, 1, LowOpen = true)]
    public double TopP { get; init; } = 1;

    /// <summary>Prompts generated together (times <see cref="Responses"/> sequences). Default 32.</summary>
    [Bounds(1, 65_536)]
    public int BatchSize { get; init; } = 32;

    /// <summary>Everything that is wrong with these options; empty where nothing is.</summary>
    public IReadOnlyList<PlanError> Validate() => [.. Option.CheckBounds(this)];
}
