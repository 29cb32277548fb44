namespace Rer.Engine.Runs.Planning;

/// <summary>Runs that were launched together: designs by seeds, one after another on one device.</summary>
/// <param name="Id">Names it in addresses.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Created">When it was launched.</param>
/// <param name="Runs">Its runs: first those that have had their turn, then those in the queue, in its order.</param>
public sealed record Sweep(string Id, string Name, DateTimeOffset Created, IReadOnlyList<RunRecord> Runs)
{
    /// <summary>Runs that have ended by themselves.</summary>
    public int Finished => Runs.Count(r => r.State == RunState.Finished);

    /// <summary>Runs that wait, are paused or train.</summary>
    public int Unfinished => Runs.Count(r => r.State is RunState.Queued or RunState.Paused or RunState.Starting or RunState.Running);

    /// <summary>The sweeps among <paramref name="runs"/>, newest first.</summary>
    public static IReadOnlyList<Sweep> Of(IEnumerable<RunRecord> runs) =>
    [
        .. runs.Where(r => r.SweepId is not null).GroupBy(r => r.SweepId!)
            .Select(g => new Sweep(g.Key, g.First().SweepName ?? g.Key, g.Min(r => r.Created), [.. InOrder(g)]))
            .OrderByDescending(s => s.Created).ThenByDescending(s => s.Id),
    ];

    private static IEnumerable<RunRecord> InOrder(IEnumerable<RunRecord> runs) =>
        runs.OrderBy(r => r.State is RunState.Starting or RunState.Running ? long.MinValue + 1 : r.QueuePosition ?? long.MinValue)
            .ThenBy(r => r.Started ?? r.Created).ThenBy(r => r.Id, StringComparer.Ordinal);
}
