using Rer.Engine.Evaluation;
using Rer.Engine.Runs;
using Rer.Web.Formatting;
using Rer.Web.Listing;
using Rer.Web.Plans;

namespace Rer.Web.Comparing;

/// <summary>Several runs side by side: designs as columns, their seeds together.</summary>
public sealed class Comparison
{
    private Comparison(IReadOnlyList<ComparedDesign> designs, int reached, IReadOnlyList<string> notes)
    {
        (Designs, Reached, Notes) = (designs, reached, notes);
        Differences = FindDifferences(designs);
    }

    /// <summary>The columns.</summary>
    public IReadOnlyList<ComparedDesign> Designs { get; }

    /// <summary>The last step that every run has an evaluation of.</summary>
    public int Reached { get; }

    /// <summary>What a reader must know: runs that go on, runs left out.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Options on which the plans differ.</summary>
    public IReadOnlyList<PlanRowDifference> Differences { get; }

    /// <summary>Options on which they agree.</summary>
    public int Agreeing => PlanField.Every.Count - 1 - Differences.Count(d => d.Option is not ("Branch by query type" or "Features"));

    /// <summary>Puts runs side by side; those without an evaluation are left out, with a note.</summary>
    public static Comparison Of(IEnumerable<RunRecord> runs, RunStore store)
    {
        var all = runs.ToArray();
        var evaluated = all.Where(r => r.Points.Count > 0).ToArray();
        var notes = new List<string>();
        foreach (var run in all.Except(evaluated)) notes.Add($"{Name(run)} has no evaluation yet and is left out.");
        var reached = evaluated.Length == 0 ? 0 : evaluated.Min(r => r.Points[^1].Step);
        foreach (var run in evaluated.Where(r => r.Points[^1].Step > reached || r.State is RunState.Running or RunState.Starting))
            notes.Add($"{Name(run)} {(run.State is RunState.Running or RunState.Starting ? "is still running" : "has gone further")}. Compared up to step {Display.Count(reached)}, which all {evaluated.Length} have reached.");
        var designs = evaluated
            .Select(r => new RunSummary(r)).GroupBy(r => r.GroupKey)
            .Select(g => new ComparedDesign(
                Title(g.First().Run, evaluated),
                [.. g.OrderBy(r => r.Run.Plan.Seed).Select(r => new ComparedRun(r.Run, [.. store.Evaluations(r.Run.Id).Where(e => e.Step <= reached)]))]))
            .ToArray();
        return new Comparison(designs, reached, [.. notes.Distinct()]);
    }

    private static string Name(RunRecord run) => $"{run.Plan.Design.Title} seed {run.Plan.Seed}";

    // The policy is named only where it is not the same for all.
    private static string Title(RunRecord run, RunRecord[] all) =>
        all.Select(r => r.Plan.Policy).Distinct().Count() > 1 ? $"{run.Plan.Design.Title}, {Names.OfPath(run.Plan.Policy)}" : run.Plan.Design.Title;

    private static List<PlanRowDifference> FindDifferences(IReadOnlyList<ComparedDesign> designs)
    {
        var rows = new List<PlanRowDifference>();
        Compare("Branch by query type", r => r.Plan.Design.Branching ? "on" : "off");
        Compare("Features", r => r.Plan.Design.Text);
        foreach (var field in PlanField.Every.Where(f => f.Option.Name != "seed")) Compare(field.Label, r => field.Text(r.Plan));
        return rows;

        void Compare(string option, Func<RunRecord, string> text)
        {
            string[] values = [.. designs.Select(d => string.Join("; ", d.Runs.GroupBy(r => text(r.Run)).Select(g =>
                g.Count() == d.Runs.Count ? g.Key : $"{g.Key}, seed {string.Join(' ', g.Select(r => r.Run.Plan.Seed))}")))];
            if (values.Distinct().Count() < 2) return;
            var usual = values.GroupBy(v => v).MaxBy(g => g.Count())!.Key;
            rows.Add(new PlanRowDifference(option, values, [.. values.Select(v => v != usual)]));
        }
    }
}
