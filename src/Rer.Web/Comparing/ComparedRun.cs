using Rer.Engine.Evaluation;
using Rer.Engine.Runs;

namespace Rer.Web.Comparing;

/// <summary>A run with its evaluations, up to the step that all compared runs have reached.</summary>
/// <param name="Run">The run.</param>
/// <param name="Evaluations">By step.</param>
/// <param name="Found">Its verdict over all its evaluations; null without gold.</param>
public sealed record ComparedRun(RunRecord Run, IReadOnlyList<EvaluationReport> Evaluations, MonotonicityReport? Found);
