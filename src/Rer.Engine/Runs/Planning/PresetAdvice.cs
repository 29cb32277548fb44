using System.Globalization;
using Rer.Engine.Models.Weights;

namespace Rer.Engine.Runs.Planning;

/// <summary>Tells where a plan's policy is too small for the options that it has.</summary>
public static class PresetAdvice
{
    /// <summary>
    /// Parameters up to which a policy counts as small. Measured are .26 million, which drifts under the recipe, and 1 million; published
    /// policies of their kind go up to 33 million, and the next larger ones begin at 70.
    /// </summary>
    public const long MostParameters = 50_000_000;

    /// <summary>The policy's parameters, from the headers of its weights; null where the folder cannot be read.</summary>
    public static long? ParametersOf(string folder)
    {
        try
        {
            using var weights = WeightFolder.Open(folder);
            return weights.Entries.Sum(entry => entry.Count);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException or NotSupportedException)
        {
            // What is wrong with the folder, the plan's check says.
            return null;
        }
    }

    /// <summary>The preset for a policy of so many parameters; null where the paper's options are as good a start as any.</summary>
    public static PlanPreset? For(long parameters) => parameters <= MostParameters ? PlanPreset.SmallPolicy : null;

    /// <summary>What to say of a plan that trains a small policy with the paper's options; null where there is nothing to say.</summary>
    public static string? Of(RunPlan plan) =>
        ParametersOf(plan.Policy) is { } parameters && For(parameters) is { } preset && preset.IsUntouchedIn(plan)
            ? Sentence(parameters)
            : null;

    /// <summary>Why a policy of so many parameters wants other options than the paper's.</summary>
    public static string Sentence(long parameters) =>
        $"The policy has {Millions(parameters)} million parameters, and the options are the paper's for 7 billion:"
        + " on so small a policy the value loss can move the adapter more than the reward does.";

    private static string Millions(long parameters) =>
        (parameters / 1e6).ToString(parameters < 10_000_000 ? "0.##" : "0", CultureInfo.InvariantCulture);
}
