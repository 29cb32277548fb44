using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation.Judges;
using Rer.Engine.Evaluation.Metrics;
using Rer.Engine.Runs.Events;

namespace Rer.Engine.Runs.Comparing;

/// <summary>
/// Runs side by side for a program or a terminal: a row a <see cref="RunGroup"/>, a column an option on which the groups differ.
/// </summary>
/// <param name="Axes">Names of the options on which the runs differ, the seed aside.</param>
/// <param name="Reached">The last step that every run has been evaluated at; figures are of no later one.</param>
/// <param name="Groups">The groups, highest final gold first.</param>
/// <param name="LeftOut">Ids of runs without an evaluation.</param>
public sealed record RunComparison(
    IReadOnlyList<string> Axes, int Reached, IReadOnlyList<GroupFigures> Groups, IReadOnlyList<string> LeftOut)
{
    /// <summary>Compares runs up to the step that all of them have reached.</summary>
    public static RunComparison Of(IEnumerable<RunRecord> runs)
    {
        var all = runs.ToArray();
        var evaluated = all.Where(run => run.Points.Count > 0).ToArray();
        var reached = evaluated.Length == 0 ? 0 : evaluated.Min(run => run.Points[^1].Step);
        var groups = RunGroup.Of(evaluated);
        var axes = PlanAxis.Of(groups.Select(group => group.Plan));
        return new RunComparison(
            [.. axes.Select(axis => axis.Name)],
            reached,
            [.. groups.Select(group => GroupFigures.Of(group, axes, reached)).OrderByDescending(Final)],
            [.. all.Except(evaluated).Select(run => run.Id)]);
    }

    private static double Final(GroupFigures group) => double.IsNaN(group.GoldFinal.Mean) ? double.NegativeInfinity : group.GoldFinal.Mean;
}

/// <summary>A group's figures; spreads are over its seeds.</summary>
/// <param name="Group"><see cref="RunGroup.Id"/>.</param>
/// <param name="Design">The design's title.</param>
/// <param name="Options">What it has on each of <see cref="RunComparison.Axes"/>.</param>
/// <param name="Seeds">The seeds.</param>
/// <param name="Runs">The runs' ids, by seed.</param>
/// <param name="Verdicts">How many runs have which verdict, each over all its evaluations.</param>
/// <param name="Rho">Spearman's rho of proxy and gold, over all a run's evaluations.</param>
/// <param name="ProxyFinal">Mean proxy at <see cref="RunComparison.Reached"/>.</param>
/// <param name="GoldStart">Gold before training.</param>
/// <param name="GoldBest">Highest gold up to <see cref="RunComparison.Reached"/>.</param>
/// <param name="GoldFinal">Gold at <see cref="RunComparison.Reached"/>.</param>
public sealed record GroupFigures(
    string Group, string Design, IReadOnlyDictionary<string, string> Options, IReadOnlyList<int> Seeds, IReadOnlyList<string> Runs,
    IReadOnlyDictionary<string, int> Verdicts, SeedSpread Rho, SeedSpread ProxyFinal, SeedSpread GoldStart, SeedSpread GoldBest,
    SeedSpread GoldFinal)
{
    /// <summary>Metrics at <see cref="RunComparison.Reached"/> by <see cref="MetricColumn.Name"/>; those that some run has.</summary>
    public IReadOnlyDictionary<string, SeedSpread> Metrics { get; init; } = new Dictionary<string, SeedSpread>();

    internal static GroupFigures Of(RunGroup group, IReadOnlyList<PlanAxis> axes, int reached) => new(
        group.Id,
        group.Plan.Design.Title,
        axes.ToDictionary(axis => axis.Name, axis => axis.Value(group.Plan)),
        group.Seeds,
        [.. group.Runs.Select(run => run.Id)],
        group.Runs.Where(run => run.Monotonicity is not null).GroupBy(run => run.Monotonicity!.Verdict.Title())
            .ToDictionary(same => same.Key, same => same.Count()),
        group.Over(run => run.Monotonicity?.Raw.Rho ?? double.NaN),
        group.Over(run => At(run, reached).Proxy),
        group.Over(run => run.Points[0].Gold),
        group.Over(run => run.Points.Where(point => point.Step <= reached).Select(point => point.Gold).Where(double.IsFinite)
            .DefaultIfEmpty(double.NaN).Max()),
        group.Over(run => At(run, reached).Gold))
    {
        Metrics = EvaluationMetrics.Known(group.Runs.SelectMany(run => At(run, reached).Metrics.Keys))
            .ToDictionary(column => column.Name, column => group.Over(run => column.Of(At(run, reached).Metrics))),
    };

    /// <summary>The last evaluation that is no later than <paramref name="step"/>: runs are evaluated at steps of their own.</summary>
    private static EvaluationPoint At(RunRecord run, int step) =>
        run.Points.Where(point => point.Step <= step).DefaultIfEmpty(run.Points[0]).Last();
}
