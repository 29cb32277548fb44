using Rer.Engine.Runs.Planning;
using Rer.Engine.Runs.Session;
using Rer.Engine.Storage;

namespace Rer.Engine.Runs.Queue;

/// <summary>What a queued run waits for.</summary>
/// <param name="Position">Its place among the queued runs, from 1.</param>
/// <param name="Active">The run that holds the device; null where none does.</param>
/// <param name="Seconds">Until the device is free for it; NaN where a run before it has not been measured.</param>
public sealed record QueueStatus(int Position, RunRecord? Active, double Seconds)
{
    /// <summary>Places of the queued runs among <paramref name="runs"/>, by id, from 1.</summary>
    public static IReadOnlyDictionary<string, int> Of(IEnumerable<RunRecord> runs) => runs
        .Where(r => r is { State: RunState.Queued, QueuePosition: not null }).OrderBy(r => r.QueuePosition)
        .Select((run, i) => (run.Id, Place: i + 1)).ToDictionary(p => p.Id, p => p.Place);

    /// <summary>What a run waits for; null where it is not queued.</summary>
    public static QueueStatus? Of(RunRecord run, IRunStore store)
    {
        var waiting = store.Runs(new RunFilter { States = [RunState.Queued, RunState.Starting, RunState.Running] });
        if (!Of(waiting).TryGetValue(run.Id, out var place)) return null;
        var active = waiting.FirstOrDefault(r => r.State is RunState.Starting or RunState.Running);
        var before = waiting.Where(r => r.State == RunState.Queued && r.QueuePosition < run.QueuePosition).ToArray();
        return new QueueStatus(place, active, SecondsOf(active is null ? before : [active, .. before], store));
    }

    /// <summary>Seconds that runs still take, one after another; NaN where one of them has not been measured.</summary>
    public static double SecondsOf(IReadOnlyCollection<RunRecord> runs, IRunStore store)
    {
        // Runs of one sweep are measured alike: asked once for each kind, not once for each run.
        var measured = new List<(RunPlan Plan, RunTiming? Found)>();
        return runs.Sum(run =>
        {
            if (run.Step > 0 && RunPace.Of(store, run) is { SecondsLeft: var left } && double.IsFinite(left)) return left;
            var known = measured.Find(m => RunEstimate.Comparable(m.Plan, run.Plan));
            if (known.Plan is null) measured.Add(known = (run.Plan, RunTiming.Find(store, run.Plan)));
            // Where a range was measured, its middle: a wait is one number.
            return known.Found is { } t
                ? RunPace.Of(run.Plan, run.Step, [(t.SecondsPerStep + t.LongestSecondsPerStep) / 2],
                    (t.SecondsPerEvaluation + t.LongestSecondsPerEvaluation) / 2).SecondsLeft
                : double.NaN;
        });
    }
}
