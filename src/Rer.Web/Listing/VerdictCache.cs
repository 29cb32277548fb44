using System.Collections.Concurrent;
using Rer.Engine.Evaluation;
using Rer.Engine.Runs;

namespace Rer.Web.Listing;

/// <summary>
/// Verdicts of the store's runs. A verdict needs every query of every checkpoint, too much to read for a whole list each
/// time; it changes only with a run's evaluations, so it is kept until there are more of them.
/// </summary>
/// <param name="store">Where the evaluations are.</param>
public sealed class VerdictCache(RunStore store)
{
    private readonly ConcurrentDictionary<string, (int Points, int LastStep, MonotonicityReport? Report)> _known = new();

    /// <summary>What is known of a run as it stands now; null where it has not been judged yet or cannot be.</summary>
    public MonotonicityReport? Known(RunRecord run) => IsKnown(run) ? _known.GetValueOrDefault(run.Id).Report : null;

    /// <summary>Whether the run has been judged at its present evaluations.</summary>
    public bool IsKnown(RunRecord run) => run.Points.Count == 0 || (_known.TryGetValue(run.Id, out var kept) && kept.Points == run.Points.Count && kept.LastStep == run.Points[^1].Step);

    /// <summary>Judges a run.</summary>
    public MonotonicityReport? Judge(RunRecord run)
    {
        if (run.Points.Count == 0) return null;
        if (IsKnown(run)) return Known(run);
        var evaluations = store.Evaluations(run.Id);
        var report = evaluations.Any(e => double.IsFinite(e.Gold.Mean)) ? Monotonicity.Assess(evaluations) : null;
        _known[run.Id] = (run.Points.Count, run.Points[^1].Step, report);
        return report;
    }
}
