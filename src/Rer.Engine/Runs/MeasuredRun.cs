namespace Rer.Engine.Runs;

/// <summary>How long an earlier run's steps and evaluations took.</summary>
/// <param name="RunId">The run.</param>
/// <param name="SecondsPerStep">Mean of its last steps.</param>
/// <param name="SecondsPerEvaluation">Mean of its evaluations.</param>
public sealed record MeasuredRun(string RunId, double SecondsPerStep, double SecondsPerEvaluation)
{
    /// <summary>The newest run of a store whose steps and evaluations take as long as a plan's; null where there is none.</summary>
    public static MeasuredRun? Find(RunStore store, RunPlan plan)
    {
        if (store.Runs().FirstOrDefault(r => r.Step > 0 && RunEstimate.Comparable(r.Plan, plan)) is not { } run) return null;
        var pace = store.Pace(run);
        return new MeasuredRun(run.Id, pace.SecondsPerStep, pace.SecondsPerEvaluation);
    }
}
