using System.Security.Cryptography;
using System.Text;
using Rer.Engine.Runs;
using Rer.Web.Formatting;

namespace Rer.Web.Listing;

/// <summary>Runs that belong together: the seeds of one design on the same models and data, or the runs of a sweep.</summary>
/// <param name="key">What they have in common.</param>
/// <param name="by">What they were put together by.</param>
/// <param name="runs">The runs, in order.</param>
public sealed class RunGroup(string key, RunGrouping by, IReadOnlyList<RunSummary> runs)
{
    /// <summary>Identifies the group in an address: 8 hexadecimal digits.</summary>
    public string Id { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..8];

    /// <summary>What its runs were put together by.</summary>
    public RunGrouping By { get; } = by;

    /// <summary>Its runs, in order.</summary>
    public IReadOnlyList<RunSummary> Runs { get; } = runs;

    /// <summary>One of them, for what they have in common.</summary>
    public RunSummary First => Runs[0];

    /// <summary>What it is called: the design, or the sweep.</summary>
    public string Title => By == RunGrouping.Sweep ? First.Run.SweepName ?? First.Run.SweepId ?? First.Run.Plan.Design.Title : First.Run.Plan.Design.Title;

    /// <summary>Whether it has a row of its own: a single run needs no heading, a sweep always has one.</summary>
    public bool HasHeading => By == RunGrouping.Sweep ? First.Run.SweepId is not null : By == RunGrouping.Design && Runs.Count > 1;

    /// <summary>Mean over the seeds that have the value, and half their range.</summary>
    public (double Mean, double HalfRange) Over(Func<RunSummary, double> value)
    {
        var values = Runs.Select(value).Where(double.IsFinite).ToArray();
        return values.Length == 0 ? (double.NaN, double.NaN) : (values.Average(), (values.Max() - values.Min()) / 2);
    }

    /// <summary>Mean, lowest and highest of a series over the seeds, as far as all of them have come.</summary>
    public (IReadOnlyList<double> Mean, IReadOnlyList<double> Low, IReadOnlyList<double> High) SeriesOver(Func<RunSummary, IReadOnlyList<double>> series)
    {
        var all = Runs.Select(series).Where(s => s.Count > 0).ToArray();
        var count = all.Length == 0 ? 0 : all.Min(s => s.Count);
        IReadOnlyList<double> Each(Func<IEnumerable<double>, double> of) => [.. Enumerable.Range(0, count).Select(i => of(all.Select(s => s[i])))];
        return (Each(v => v.Average()), Each(v => v.Min()), Each(v => v.Max()));
    }

    /// <summary>`1 running, 2 finished`.</summary>
    public string States => string.Join(", ", Runs.GroupBy(r => r.Run.State).OrderBy(g => g.Key).Select(g => $"{g.Count()} {Names.Of(g.Key)}"));

    /// <summary>Whether one of them failed.</summary>
    public bool AnyFailed => Runs.Any(r => r.Run.State == RunState.Failed);
}
