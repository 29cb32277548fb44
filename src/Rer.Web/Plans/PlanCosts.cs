using Rer.Engine.Rewards;
using Rer.Engine.Runs.Measuring;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Runs.Session;
using Rer.Engine.Storage;
using Rer.Web.Access;

namespace Rer.Web.Plans;

/// <summary>What a plan will take, as far as it is known.</summary>
/// <param name="Plan">The plan; null before the first was looked at.</param>
/// <param name="Estimate">Memory, time, disk; null where the plan does not allow an estimate.</param>
/// <param name="Problem">Why there is none.</param>
/// <param name="Timings">How long a step and an evaluation take under other designs, by their texts: responses differ in length.</param>
/// <param name="Advice">Why the policy wants other options than the plan's, where a preset has them; null where nothing is to be
/// said.</param>
/// <param name="Newcomers">Whether the plan is, but for its design, the one that the dashboard begins with on the small world that
/// ships.</param>
public sealed record PlanCosts(
    RunPlan? Plan, RunEstimate? Estimate, string? Problem, IReadOnlyDictionary<string, RunTiming?> Timings, bool Newcomers,
        string? Advice = null)
{
    /// <summary>Nothing is known yet.</summary>
    public static PlanCosts Unknown { get; } = new(null, null, null, new Dictionary<string, RunTiming?>(), false);

    /// <summary>Looks at a plan; never throws for what it may have wrong, but says it.</summary>
    public static PlanCosts Of(RunPlan plan, IReadOnlyList<RewardDesign> designs, IRunStore store, StartingPlan starting, DataRoots roots)
    {
        try
        {
            if (plan.Policy.Length == 0) return Unknown with { Plan = plan, Problem = "Choose a policy to estimate memory and time." };
            roots.Require(plan);
            var runs = store.Runs();
            var estimate = RunEstimate.Of(plan, RunTiming.Find(store, plan, runs));
            var timings =
                designs.DistinctBy(d => d.Text).ToDictionary(d => d.Text, d => RunTiming.Find(store, plan with { Design = d }, runs));
            var newcomers = StartingPlan.IsMiniature(plan) && PlanMeasurement.KeyOf(plan) == PlanMeasurement.KeyOf(starting.Of(null));
            return new PlanCosts(plan, estimate, null, timings, newcomers, PresetAdvice.Of(plan));
        }
        catch (Exception error)
        {
            // Files, models and native libraries can each be wrong in their own way; the page says which and goes on.
            return Unknown with { Plan = plan, Problem = error.Message };
        }
    }
}
