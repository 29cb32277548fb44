using Rer.Engine.Runs;
using Rer.Engine.Runs.Comparing;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Storage;
using Rer.Web.Formatting;
using Rer.Web.Plans;

namespace Rer.Web.Compare;

/// <summary>
/// Several runs side by side: a column for each group of seeds, headed by the design and whatever else the plans differ in.
/// </summary>
public sealed class Comparison
{
    private const string Design = "design";

    private Comparison(IReadOnlyList<ComparedGroup> groups, IReadOnlyList<PlanAxis> axes, int reached, IReadOnlyList<string> notes)
    {
        (Groups, Axes, Reached, Notes) = (groups, [.. axes.Select(axis => axis.Name).Where(name => name != Design)], reached, notes);
        Differences = [.. FindDifferences(groups, axes)];
        Agreeing = PlanField.Every.Count - 1 - Axes.Count;
    }

    /// <summary>The columns.</summary>
    public IReadOnlyList<ComparedGroup> Groups { get; }

    /// <summary>Names of the options besides the design on which the plans differ: `learning-rate`.</summary>
    public IReadOnlyList<string> Axes { get; }

    /// <summary>The last step that every run has an evaluation of.</summary>
    public int Reached { get; }

    /// <summary>What a reader must know: runs that go on, runs left out.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Options on which the plans differ, a design's parts by themselves.</summary>
    public IReadOnlyList<PlanRowDifference> Differences { get; }

    /// <summary>Options besides design and seed on which all plans agree.</summary>
    public int Agreeing { get; }

    /// <summary>Puts runs side by side; those without an evaluation are left out, with a note.</summary>
    public static Comparison Of(IEnumerable<RunRecord> runs, IRunStore store)
    {
        var all = runs.ToArray();
        var evaluated = all.Where(r => r.Points.Count > 0).ToArray();
        var reached = evaluated.Length == 0 ? 0 : evaluated.Min(r => r.Points[^1].Step);
        var found = RunGroup.Of(evaluated);
        var axes = PlanAxis.Of(found.Select(g => g.Plan));
        var groups = found.Select(g => new ComparedGroup(
            g,
            axes.FirstOrDefault(axis => axis.Name == Design)?.Value(g.Plan) ?? g.Plan.Design.Title,
            OptionWords.Of(axes.Where(axis => axis.Name != Design), g.Plan),
            [.. g.Runs.Select(r => new ComparedRun(r, [.. store.Evaluations(r.Id).Where(e => e.Step <= reached)]))])).ToArray();

        var notes = all.Except(evaluated).Select(run => $"{Name(run)} has no evaluation yet and is left out.").ToList();
        foreach (var run in evaluated.Where(r => r.Points[^1].Step > reached || GoesOn(r)))
        {
            var standing = GoesOn(run) ? "is still running" : "has gone further";
            var column = groups.First(g => g.Group.Id == run.GroupHash);
            notes.Add(
                $"{column.Title} seed {run.Plan.Seed} {standing}."
                + $" Compared up to step {Display.Count(reached)}, which all {evaluated.Length} have reached.");
        }

        foreach (var group in found.Where(g => g.Seeds.Count < g.Runs.Count))
            notes.Add(
                $"{group.Plan.Design.Title}: {Display.Seeds(group.Runs.Count, group.Seeds.Count)}."
                + " A seed that is run twice is no second opinion.");
        return new Comparison(groups, axes, reached, [.. notes.Distinct()]);
    }

    private static bool GoesOn(RunRecord run) => run.State is RunState.Running or RunState.Starting;

    private static string Name(RunRecord run) => $"{run.Plan.Design.Title} seed {run.Plan.Seed}";

    private static IEnumerable<PlanRowDifference> FindDifferences(IReadOnlyList<ComparedGroup> groups, IReadOnlyList<PlanAxis> axes)
    {
        if (axes.Any(axis => axis.Name == Design))
        {
            if (Row("Branch by query type", g => g.Group.Plan.Design.Branching ? "on" : "off") is { } branching) yield return branching;
            if (Row("Features", g => g.Group.Plan.Design.Text) is { } features) yield return features;
            if (Row("Own features, as defined", g => CustomFeaturesOf(g.Group.Plan)) is { } own) yield return own;
        }

        foreach (var axis in axes.Where(axis => axis.Name != Design))
            if (Row(PlanField.Named(axis.Name).Label, g => OptionWords.Of(axis, g.Group.Plan).Value) is { } row) yield return row;

        PlanRowDifference? Row(string option, Func<ComparedGroup, string> text)
        {
            string[] values = [.. groups.Select(text)];
            if (values.Distinct().Count() < 2) return null;
            var usual = values.GroupBy(v => v).MaxBy(g => g.Count())!.Key;
            return new PlanRowDifference(option, values, [.. values.Select(v => v != usual)]);
        }
    }

    private static string CustomFeaturesOf(RunPlan plan) =>
        string.Join("; ", plan.Design.CustomFeatures.Select(feature => $"{feature.Symbol} = {feature.Source}"));
}

/// <summary>An option on which the compared plans differ.</summary>
/// <param name="Option">What it is called.</param>
/// <param name="Values">Its value in each column.</param>
/// <param name="Differs">Whether a column's value is not the one that most columns have.</param>
public sealed record PlanRowDifference(string Option, IReadOnlyList<string> Values, IReadOnlyList<bool> Differs);
