using Rer.Engine.Runs;
using Rer.Web.Formatting;

namespace Rer.Web.Listing;

/// <summary>Runs of one design on the same models and data: the seeds of one question.</summary>
public sealed class RunGroup(string key, IReadOnlyList<RunSummary> runs)
{
    /// <summary>Identifies the group.</summary>
    public string Key { get; } = key;

    /// <summary>Its runs, by seed.</summary>
    public IReadOnlyList<RunSummary> Runs { get; } = runs;

    /// <summary>One of them, for what they have in common.</summary>
    public RunSummary First => Runs[0];

    /// <summary>Mean over the seeds that have the value, and half their range.</summary>
    public (double Mean, double HalfRange) Over(Func<RunSummary, double> value)
    {
        var values = Runs.Select(value).Where(double.IsFinite).ToArray();
        return values.Length == 0 ? (double.NaN, double.NaN) : (values.Average(), (values.Max() - values.Min()) / 2);
    }

    /// <summary>Mean of a series over the seeds, as far as all of them have come.</summary>
    public IReadOnlyList<double> MeanSeries(Func<RunSummary, IReadOnlyList<double>> series)
    {
        var all = Runs.Select(series).Where(s => s.Count > 0).ToArray();
        return all.Length == 0 ? [] : [.. Enumerable.Range(0, all.Min(s => s.Count)).Select(i => all.Average(s => s[i]))];
    }

    /// <summary>`1 running, 2 finished`.</summary>
    public string States => string.Join(", ", Runs.GroupBy(r => r.Run.State).OrderBy(g => g.Key).Select(g => $"{g.Count()} {Names.Of(g.Key)}"));

    /// <summary>Whether one of them failed.</summary>
    public bool AnyFailed => Runs.Any(r => r.Run.State == RunState.Failed);
}
