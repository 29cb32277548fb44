using Rer.Engine.Playground;
using Rer.Engine.Rewards;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Storage;

namespace Rer.Web.Plans;

/// <summary>The plan that a new design begins with.</summary>
/// <param name="store">Where earlier runs are.</param>
public sealed class StartingPlan(IRunStore store)
{
    /// <summary>
    /// The plan of an earlier run where one is named, else the small world that ships, else the paper's options without models.
    /// </summary>
    public RunPlan Of(string? runId)
    {
        if (runId is not null && store.Run(runId) is { } run) return run.Plan;
        var design = RewardDesign.Parse("RER");
        return PlaygroundPlans.Find()?.Plan(design) ?? new RunPlan { Design = design, Policy = "", Data = "" };
    }

    /// <summary>Whether a plan runs on the small world that ships.</summary>
    public static bool IsMiniature(RunPlan plan) =>
        PlaygroundPlans.Find() is { } shipped && plan.Policy.StartsWith(shipped.Folder, StringComparison.Ordinal);
}
