using Rer.Engine.Evaluation.Statistics;
using Rer.Engine.Runs;
using Rer.Web.Formatting;

namespace Rer.Web.RunList;

/// <summary>A run as one row of the list.</summary>
public sealed class RunSummary(RunRecord run)
{
    /// <summary>The run.</summary>
    public RunRecord Run { get; } = run;

    /// <summary><see cref="RunRecord.GroupHash"/>, worked out once.</summary>
    public string Group { get; } = run.GroupHash;

    /// <summary>Mean proxy at each evaluation.</summary>
    public IReadOnlyList<double> Proxy { get; } = [.. run.Points.Select(p => p.Proxy)];

    /// <summary>Mean gold at each evaluation.</summary>
    public IReadOnlyList<double> Gold { get; } = [.. run.Points.Select(p => p.Gold)];

    /// <summary>Design and seed: what the run is called.</summary>
    public string Name => $"{Run.Plan.Design.Title} seed {Run.Plan.Seed}";

    /// <summary>The policy's name.</summary>
    public string Policy => Names.OfPath(Run.Plan.Policy);

    /// <summary>The training prompts' name.</summary>
    public string Data => Names.OfPath(Run.Plan.Data);

    /// <summary>The gold model's name; empty where the run has none.</summary>
    public string GoldModel => Run.Plan.Gold is { Length: > 0 } gold ? Names.OfPath(gold) : "";

    /// <summary>Kendall's tau of proxy and gold; NaN where it is not defined.</summary>
    public double Tau => Found?.Raw.Tau ?? double.NaN;

    /// <summary>Gold before training; NaN before the first evaluation.</summary>
    public double GoldStart => Gold.Count == 0 ? double.NaN : Gold[0];

    /// <summary>Highest gold so far.</summary>
    public double GoldBest => Gold.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Max();

    /// <summary>Gold at the last evaluation.</summary>
    public double GoldFinal => Gold.Count == 0 ? double.NaN : Gold[^1];

    /// <summary>Seconds it held the device; NaN where it never has.</summary>
    public double Seconds => Run.SecondsActive(DateTimeOffset.UtcNow) is > 0 and var seconds ? seconds : double.NaN;

    /// <summary>Its verdict over all its evaluations; null before the first, and without gold.</summary>
    public MonotonicityReport? Found => Run.Monotonicity;

    /// <summary>Rank correlation of proxy and gold; NaN where it is not defined.</summary>
    public double Rho => Found?.Raw.Rho ?? double.NaN;
}
