using Rer.Engine.Evaluation;
using Rer.Engine.Evaluation.Statistics;
using Rer.Engine.Runs;

namespace Rer.Web.Compare;

/// <summary>A run with its evaluations, up to the step that all compared runs have reached.</summary>
/// <param name="Run">The run.</param>
/// <param name="Evaluations">By step.</param>
public sealed record ComparedRun(RunRecord Run, IReadOnlyList<EvaluationReport> Evaluations)
{
    /// <summary>Its verdict over all its evaluations; null without gold.</summary>
    public MonotonicityReport? Found => Run.Monotonicity;
}
