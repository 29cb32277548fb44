namespace Rer.Engine.Runs;

/// <summary>How long an earlier run's steps and evaluations took.</summary>
/// <param name="RunId">The run.</param>
/// <param name="SecondsPerStep">Mean of its last steps.</param>
/// <param name="SecondsPerEvaluation">Mean of its evaluations.</param>
public sealed record MeasuredRun(string RunId, double SecondsPerStep, double SecondsPerEvaluation);
