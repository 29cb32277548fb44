using System.Security.Cryptography;
using System.Text;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Comparing;
using Rer.Web.Formatting;
using Rer.Web.Plans;

namespace Rer.Web.RunList;

/// <summary>Runs under one heading of the list: those whose plans are equal but for the seed, or the runs of a sweep.</summary>
/// <param name="key">What they have in common: <see cref="RunRecord.GroupHash"/>, or the sweep's id.</param>
/// <param name="by">What they were put together by.</param>
/// <param name="runs">The runs, in order.</param>
public sealed class ListedGroup(string key, RunGrouping by, IReadOnlyList<RunSummary> runs)
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
    public string Title => By == RunGrouping.Sweep ? First.Run.SweepName ?? First.Run.SweepId ?? First.Run.Plan.Design.Title
        : First.Run.Plan.Design.Title;

    /// <summary>Whether it has a row of its own: a single run needs no heading, a sweep always has one.</summary>
    public bool HasHeading => By == RunGrouping.Sweep ? First.Run.SweepId is not null : By == RunGrouping.Plan && Runs.Count > 1;

    /// <summary>How many runs, in words: `3 seeds`, or `9 runs` of a sweep.</summary>
    public string Count => By == RunGrouping.Sweep
        ? Display.Plural(Runs.Count, "run")
        : Display.Seeds(Runs.Count, Runs.Select(r => r.Run.Plan.Seed).Distinct().Count());

    /// <summary>A value over the runs that have it.</summary>
    public SeedSpread Over(Func<RunSummary, double> value) => SeedSpread.Of(Runs.Select(value));

    /// <summary>What its runs have on an axis: one value under one plan, several with commas between in a sweep.</summary>
    public string On(PlanAxis axis) => string.Join(", ", Runs.Select(r => OptionWords.Of(axis, r.Run.Plan).Value).Distinct());

    /// <summary>Mean, lowest and highest of a series over the seeds, as far as all of them have come.</summary>
    public (IReadOnlyList<double> Mean, IReadOnlyList<double> Low, IReadOnlyList<double> High) SeriesOver(Func<RunSummary,
        IReadOnlyList<double>> series)
    {
        var all = Runs.Select(series).Where(s => s.Count > 0).ToArray();
        var count = all.Length == 0 ? 0 : all.Min(s => s.Count);
        IReadOnlyList<double> Each(Func<IEnumerable<double>, double> of) =>
            [.. Enumerable.Range(0, count).Select(i => of(all.Select(s => s[i])))];
        return (Each(v => v.Average()), Each(v => v.Min()), Each(v => v.Max()));
    }

    /// <summary>`1 running, 2 finished`.</summary>
    public string States => string.Join(", ", Runs.GroupBy(r => r.Run.State).OrderBy(g => g.Key)
        .Select(g => $"{g.Count()} {Names.Of(g.Key)}"));

    /// <summary>Whether one of them failed.</summary>
    public bool AnyFailed => Runs.Any(r => r.Run.State == RunState.Failed);
}
