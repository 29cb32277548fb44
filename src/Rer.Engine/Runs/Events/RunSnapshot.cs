using Rer.Engine.Evaluation;

namespace Rer.Engine.Runs.Events;

/// <summary>
/// A run as one read transaction saw it. What happens later has a number above <see cref="RunRecord.LastSequence"/>:
/// <see cref="RunFeed.Watch"/> from there continues it without a gap or an overlap.
/// </summary>
/// <param name="Run">The run.</param>
/// <param name="Metrics">The metrics asked for, thinned.</param>
/// <param name="Evaluations">Every evaluation, by step.</param>
/// <param name="Log">The newest log lines, oldest first.</param>
public sealed record RunSnapshot(
    RunRecord Run,
    IReadOnlyList<MetricSeries> Metrics,
    IReadOnlyList<EvaluationReport> Evaluations,
    IReadOnlyList<LogWritten> Log);
