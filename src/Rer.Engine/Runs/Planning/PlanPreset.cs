using Rer.Engine.Options;

namespace Rer.Engine.Runs.Planning;

/// <summary>Options that go together, by a name: `rer train --preset small-policy`. What is set beside it changes it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Summary">What it is for.</param>
/// <param name="Options">Options as the command line writes them, each by its name without dashes.</param>
public sealed record PlanPreset(string Name, string Summary, IReadOnlyList<KeyValuePair<string, string>> Options)
{
    /// <summary>
    /// For policies of at most some tens of millions of parameters. The recipe's value loss shares the trunk with the policy, and where
    /// that is small and the value head new, it moves the adapter more than the policy's own loss does.
    /// </summary>
    /// <remarks>
    /// Measured on a policy of .26 million parameters and AlpacaFarm's prompts (`Rer.Benchmarks drift`): with the recipe the policy's KL
    /// passes 200 nats per sequence within 150 steps while its proxy falls; with these options the proxy rises at a KL near its target.
    /// </remarks>
    public static PlanPreset SmallPolicy { get; } = new(
        "small-policy",
        "For policies of at most 50 million parameters: the value head's gradient stays out of the trunk, and steps are larger than"
        + " the paper's for 7 billion.",
        [
            new("detach-value-head", "true"),
            new("learning-rate", "0.0005"),
            new("kl-coefficient", "0.1"),
            new("mini-batch-size", "8"),
            new("gradient-accumulation", "1"),
        ]);

    /// <summary>Every preset. Without one, a plan has the paper's options.</summary>
    public static IReadOnlyList<PlanPreset> All { get; } = [SmallPolicy];

    /// <summary>The preset of a name.</summary>
    /// <exception cref="PlanException">There is none; the message lists those there are.</exception>
    public static PlanPreset Named(string name) => All.FirstOrDefault(preset => preset.Name == name) ?? throw new PlanException(
        [new PlanError("preset", $"'{name}'", $"is not known. Known ones: {string.Join(", ", All.Select(preset => preset.Name))}.")]);

    /// <summary>The plan with the preset's options.</summary>
    public RunPlan ApplyTo(RunPlan plan) =>
        Options.Aggregate(plan, (changed, option) => PlanOption.Named(option.Key).With(changed, option.Value));

    /// <summary>Whether a plan leaves every option of the preset at its default: nobody has thought of them yet.</summary>
    public bool IsUntouchedIn(RunPlan plan) =>
        Options.Select(option => PlanOption.Named(option.Key)).All(option => option.Text(plan) == option.Default);
}
