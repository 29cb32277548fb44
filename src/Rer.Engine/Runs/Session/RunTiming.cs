using Rer.Engine.Runs.Measuring;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Storage;

namespace Rer.Engine.Runs.Session;

/// <summary>How long a step and an evaluation of a plan take: as an earlier run took, or as was measured ahead of any run.</summary>
/// <param name="SecondsPerStep">Seconds of a step; where it was measured ahead, with responses as they are before training.</param>
/// <param name="LongestSecondsPerStep">Where it was measured ahead, with every response at its limit; of a run the same as the
/// former.</param>
/// <param name="SecondsPerEvaluation">Seconds of an evaluation, with the same responses as <paramref name="SecondsPerStep"/>.</param>
/// <param name="LongestSecondsPerEvaluation">Seconds of an evaluation, with the same responses as
/// <paramref name="LongestSecondsPerStep"/>.</param>
/// <param name="RunId">The run it is taken from; null where it was measured ahead.</param>
/// <param name="Measured">The measurement; null where it is a run's.</param>
public sealed record RunTiming(
    double SecondsPerStep, double LongestSecondsPerStep, double SecondsPerEvaluation, double LongestSecondsPerEvaluation, string? RunId,
    PlanMeasurement? Measured)
{
    /// <summary>
    /// What is known of a plan's time; null where nothing is. A run of the same design knows best, as responses grow differently under
    /// each; a newer measurement takes its place. Runs of other designs stand in where nothing was measured.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="among">Its runs, newest first, where the caller has read them already.</param>
    public static RunTiming? Find(IRunStore store, RunPlan plan, IReadOnlyList<RunRecord>? among = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        var runs = (among ?? store.Runs()).Where(r => r.Step > 0 && RunEstimate.Comparable(r.Plan, plan)).ToArray();
        var measured = MeasurementFile.Read(store.Folder, PlanMeasurement.KeyOf(plan));
        var same = runs.FirstOrDefault(r => r.Plan.Design == plan.Design && (measured is null || (r.Ended ?? r.Created) > measured.At));
        if (same is null && measured is not null) return Of(measured);
        return (same ?? runs.FirstOrDefault()) is { } run ? Of(run.Id, RunPace.Of(store, run)) : null;
    }

    /// <summary>The time of a measurement.</summary>
    public static RunTiming Of(PlanMeasurement measured) => new(
        measured.SecondsPerStep, measured.LongestSecondsPerStep, measured.SecondsPerEvaluation, measured.LongestSecondsPerEvaluation, null,
        measured);

    private static RunTiming Of(string runId, RunPace pace) =>
        new(pace.SecondsPerStep, pace.SecondsPerStep, pace.SecondsPerEvaluation, pace.SecondsPerEvaluation, runId, null);
}
