namespace Rer.Engine.Models.Generation;

/// <summary>How tokens are chosen. The defaults sample from the model's own distribution.</summary>
public sealed record SamplingOptions
{
    /// <summary>Logits are divided by this. Default 1, the paper's run script.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>
    /// Only the most likely tokens that together have this mass (Holtzman et al. 2020). Default 1, off (run script).
    /// </summary>
    public double TopP { get; init; } = 1;

    /// <summary>Only this many of the most likely tokens; 0 is off. Default 0 (run script).</summary>
    public int TopK { get; init; }

    /// <summary>Maximum tokens per response; fewer where the context ends first. Default 512 (run script).</summary>
    public int MaxNewTokens { get; init; } = 512;

    /// <summary>Ids that end a response; none runs to the length. Default none: pass the model's.</summary>
    public IReadOnlyList<int> EosIds { get; init; } = [];

    /// <summary>Take the most likely token always. Default false.</summary>
    public bool Greedy { get; init; }

    /// <summary>Return what the model says of each token as it is drawn (<see cref="GenerationResult.Traces"/>). Default false.</summary>
    public bool WithTraces { get; init; }

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">One or more are out of bounds; all are listed with what is allowed.</exception>
    public void Validate()
    {
        var errors = new List<string>();
        if (!(Temperature > 0 && double.IsFinite(Temperature)))
            errors.Add($"Temperature: {Temperature} is not a positive number. The paper uses 1; for the most likely token set Greedy.");
        if (!(TopP is > 0 and <= 1)) errors.Add($"TopP: {TopP} is outside (0, 1]. 1 is off.");
        if (TopK < 0) errors.Add($"TopK: {TopK} is negative. 0 is off.");
        if (MaxNewTokens < 1) errors.Add($"MaxNewTokens: {MaxNewTokens} is below 1.");
        if (errors.Count > 0) throw new ArgumentException($"Sampling options: {string.Join(" ", errors)}");
    }
}
