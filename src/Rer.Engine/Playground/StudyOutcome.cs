using Rer.Engine.Evaluation;

namespace Rer.Engine.Playground;

/// <summary>What a finished run gives to a study.</summary>
/// <param name="Seconds">Wall-clock seconds the run took.</param>
/// <param name="Evaluations">Evaluations by step, the first at step 0.</param>
public sealed record StudyOutcome(double Seconds, IReadOnlyList<EvaluationReport> Evaluations);
