using Rer.Engine.Evaluation.Judges;
using Rer.Engine.Evaluation.Statistics;
using Rer.Engine.Evaluation;
using Rer.Engine.Runs.Comparing;
using Rer.Engine.Runs;
using Rer.Web.Formatting;
using Rer.Web.Plans;

namespace Rer.Web.Compare;

/// <summary>One column of a comparison: runs whose plans are equal but for the seed.</summary>
/// <param name="Group">The runs.</param>
/// <param name="Design">The design's title.</param>
/// <param name="Options">What else the comparison's plans differ in, with this one's values.</param>
/// <param name="Runs">The runs with their evaluations, by seed.</param>
public sealed record ComparedGroup(RunGroup Group, string Design, IReadOnlyList<OptionWords> Options, IReadOnlyList<ComparedRun> Runs)
{
    /// <summary>What the column is called: the design and all that tells it from the other columns.</summary>
    public string Title => Options.Count == 0 ? Design : $"{Design}, {OptionsText}";

    /// <summary>All that tells it from the other columns but the design.</summary>
    public string OptionsText => OptionWords.Join(Options);

    /// <summary>The most frequent verdict and how many runs have it; null where none has one.</summary>
    public (Verdict Verdict, int Count)? Verdict => Group.Verdict;

    /// <summary>Mean rho of the runs that have one; NaN where none has.</summary>
    public double Rho => MeanOf(r => r.Found?.Raw.Rho ?? double.NaN);

    /// <summary>Seeds in words: `3 seeds`.</summary>
    public string Seeds => Display.Seeds(Group.Runs.Count, Group.Seeds.Count);

    /// <summary>Steps at which every seed was evaluated.</summary>
    public int[] Steps => Runs.Count == 0 ? []
        : [.. Runs.Select(r => r.Evaluations.Select(e => e.Step)).Aggregate((a, b) => a.Intersect(b)).Order()];

    /// <summary>Mean of a value over the seeds that have it.</summary>
    public double MeanOf(Func<ComparedRun, double> value) => Over(value).Mean;

    /// <summary>A value over the seeds that have it.</summary>
    public SeedSpread Over(Func<ComparedRun, double> value) => SeedSpread.Of(Runs.Select(value));
}

/// <summary>A run with its evaluations, up to the step that all compared runs have reached.</summary>
/// <param name="Run">The run.</param>
/// <param name="Evaluations">By step.</param>
public sealed record ComparedRun(RunRecord Run, IReadOnlyList<EvaluationReport> Evaluations)
{
    /// <summary>Its verdict over all its evaluations; null without gold.</summary>
    public MonotonicityReport? Found => Run.Monotonicity;
}
