using Rer.Engine.Evaluation.Judges;
using Rer.Engine.Evaluation.Statistics;
using Rer.Engine.Runs.Planning;

namespace Rer.Engine.Runs.Comparing;

/// <summary>Runs whose plans are equal but for the seed: the only runs that one mean and one band may speak for.</summary>
public sealed class RunGroup
{
    private RunGroup(string id, IEnumerable<RunRecord> runs)
    {
        Id = id;
        Runs = [.. runs.OrderBy(run => run.Plan.Seed).ThenBy(run => run.Created).ThenBy(run => run.Id, StringComparer.Ordinal)];
    }

    /// <summary>Identifies the group: <see cref="RunRecord.GroupHash"/> of its runs.</summary>
    public string Id { get; }

    /// <summary>Its runs by seed, then by launch.</summary>
    public IReadOnlyList<RunRecord> Runs { get; }

    /// <summary>The plan that they share; its seed is the first run's.</summary>
    public RunPlan Plan => Runs[0].Plan;

    /// <summary>The seeds. One that was run twice counts once: it is no second opinion.</summary>
    public IReadOnlyList<int> Seeds => [.. Runs.Select(run => run.Plan.Seed).Distinct()];

    /// <summary>The most frequent verdict and how many runs have it; null where none has one.</summary>
    public (Verdict Verdict, int Count)? Verdict => MostFrequent(Runs);

    /// <summary>The groups among <paramref name="runs"/>, in the order in which each appears first.</summary>
    public static IReadOnlyList<RunGroup> Of(IEnumerable<RunRecord> runs) =>
        [.. runs.GroupBy(run => run.GroupHash).Select(group => new RunGroup(group.Key, group))];

    /// <summary>The spread of a value over the group's runs.</summary>
    public SeedSpread Over(Func<RunRecord, double> value) => SeedSpread.Of(Runs.Select(value));

    /// <summary>The most frequent verdict of some runs and how many have it; null where none has one.</summary>
    public static (Verdict Verdict, int Count)? MostFrequent(IEnumerable<RunRecord> runs) =>
        runs.Select(run => run.Monotonicity).OfType<MonotonicityReport>()
            .GroupBy(report => report.Verdict).MaxBy(same => same.Count()) is { } most
            ? (most.Key, most.Count())
            : null;
}
