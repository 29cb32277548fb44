using Rer.Engine.Runs.Planning;
using Rer.Engine.Storage;

namespace Rer.Engine.Runs.Queue;

/// <summary>The order in which runs get the device; it is kept in the store, so it outlives the process.</summary>
internal sealed class RunQueue(IRunStore store)
{
    private static readonly RunFilter _waiting = new() { States = [RunState.Queued, RunState.Paused] };

    /// <summary>The run whose turn it is; paused runs are passed over.</summary>
    public string? Next() => Waiting().FirstOrDefault(r => r.State == RunState.Queued)?.Id;

    /// <summary>Adds runs of plans at the end.</summary>
    public IReadOnlyList<string> Add(IReadOnlyList<RunPlan> plans, string? sweepName, DateTimeOffset now)
    {
        var last = Waiting().LastOrDefault()?.QueuePosition ?? 0;
        var sweepId =
            sweepName is null ? null : Unused($"{now:yyMMdd-HHmm}-sweep", id => store.Runs(new RunFilter { SweepId = id }).Count > 0);
        var ids = new List<string>();
        foreach (var plan in plans)
        {
            var id = Unused($"{now:yyMMdd-HHmm}-{Slug(plan.Design.Title)}-s{plan.Seed}", id => store.Run(id) is not null);
            store.Add(RunRecord.Of(id, plan, now) with { SweepId = sweepId, SweepName = sweepName, QueuePosition = ++last });
            ids.Add(id);
        }

        return ids;
    }

    public void PutFirst(string runId) => store.SetQueuePosition(runId, (Waiting().FirstOrDefault()?.QueuePosition ?? 0) - 1);

    public void PutLast(string runId) => store.SetQueuePosition(runId, (Waiting().LastOrDefault()?.QueuePosition ?? 0) + 1);

    /// <summary>Moves a waiting run to a place, 0 being the first.</summary>
    public void Move(string runId, int place)
    {
        var order = Waiting().Select(r => r.Id).Where(id => id != runId).ToList();
        order.Insert(Math.Clamp(place, 0, order.Count), runId);
        for (var i = 0; i < order.Count; i++) store.SetQueuePosition(order[i], i);
    }

    private IEnumerable<RunRecord> Waiting() => store.Runs(_waiting).Where(r => r.QueuePosition is not null).OrderBy(r => r.QueuePosition);

    private static string Unused(string wanted, Func<string, bool> taken)
    {
        var id = wanted;
        for (var i = 2; taken(id); i++) id = $"{wanted}-{i}";
        return id;
    }

    /// <summary>A design's text as it may stand in a URL or a file name.</summary>
    private static string Slug(string text)
    {
        var letters = text.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-').Take(24).ToArray();
        return string.Join('-', new string(letters).Split('-', StringSplitOptions.RemoveEmptyEntries));
    }
}
