namespace Rer.Engine.Models;

/// <summary>Low-rank adaptation (Hu et al. 2021), as PEFT defines it.</summary>
public sealed record LoraOptions
{
    /// <summary>Rank r. Default 8, the paper's run script.</summary>
    public int Rank { get; init; } = 8;

    /// <summary>Alpha; the update is scaled by alpha / r. Default 16, the paper's run script.</summary>
    public double Alpha { get; init; } = 16;

    /// <summary>Modules that carry an adapter. Default q_proj and v_proj, PEFT's for Llama.</summary>
    public IReadOnlyList<string> TargetModules { get; init; } = ["q_proj", "v_proj"];
}
