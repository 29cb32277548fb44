using Rer.Engine.Options;

namespace Rer.Engine.Models.Adapters;

/// <summary>Low-rank adaptation (Hu et al. 2021), as PEFT defines it.</summary>
[OptionSection("lora-", DefaultsFromPaper = true)]
public sealed record LoraOptions
{
    /// <summary>Rank r. Default 8, the paper's run script.</summary>
    [Bounds(1, 4096)]
    public int Rank { get; init; } = 8;

    /// <summary>Alpha; the update is scaled by alpha / r. Default 16, the paper's run script.</summary>
    [Bounds(0, 1e6, LowOpen = true)]
    public double Alpha { get; init; } = 16;

    /// <summary>Modules that get a LoRA adapter. Default q_proj and v_proj, PEFT's for Llama.</summary>
    public IReadOnlyList<string> TargetModules { get; init; } = ["q_proj", "v_proj"];

    /// <summary>Everything that is wrong with these options; empty where nothing is.</summary>
    public IReadOnlyList<PlanError> Validate()
    {
        var errors = Option.CheckBounds(this).ToList();
        if (TargetModules.Count == 0)
            errors.Add(new PlanError("lora-target-modules", "", "names no module. The paper uses q_proj,v_proj."));
        return errors;
    }
}
