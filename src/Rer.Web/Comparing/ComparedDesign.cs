using Rer.Engine.Evaluation;
using Rer.Web.Formatting;

namespace Rer.Web.Comparing;

/// <summary>One column of a comparison: the seeds of a design on the same models and data.</summary>
/// <param name="Title">What the column is called.</param>
/// <param name="Runs">Its runs, by seed.</param>
public sealed record ComparedDesign(string Title, IReadOnlyList<ComparedRun> Runs)
{
    /// <summary>The most frequent verdict and how many seeds have it; null where none has one.</summary>
    public (Verdict Verdict, int Count)? Verdict => Runs.Select(r => r.Found).OfType<MonotonicityReport>().GroupBy(f => f.Verdict)
        .MaxBy(g => g.Count()) is { } most ? (most.Key, most.Count()) : null;

    /// <summary>Mean rho of the seeds that have one; NaN where none has.</summary>
    public double Rho => MeanOf(r => r.Found?.Raw.Rho ?? double.NaN);

    /// <summary>Seeds in words: `3 seeds`.</summary>
    public string Seeds => Display.Plural(Runs.Count, "seed");

    /// <summary>Steps at which every seed was evaluated.</summary>
    public int[] Steps => Runs.Count == 0 ? [] : [.. Runs.Select(r => r.Evaluations.Select(e => e.Step)).Aggregate((a, b) => a.Intersect(b)).Order()];

    /// <summary>Mean of a value over the seeds that have it.</summary>
    public double MeanOf(Func<ComparedRun, double> value)
    {
        var known = Runs.Select(value).Where(double.IsFinite).ToArray();
        return known.Length == 0 ? double.NaN : known.Average();
    }

    /// <summary>Lowest and highest value over the seeds.</summary>
    public (double Low, double High) RangeOf(Func<ComparedRun, double> value)
    {
        var known = Runs.Select(value).Where(double.IsFinite).ToArray();
        return known.Length == 0 ? (double.NaN, double.NaN) : (known.Min(), known.Max());
    }
}
