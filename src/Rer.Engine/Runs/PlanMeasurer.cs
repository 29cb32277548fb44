using Rer.Engine.Data;
using Rer.Engine.Ppo;

namespace Rer.Engine.Runs;

/// <summary>
/// Trains a few steps of a plan and evaluates a share of its queries to see how long they take; nothing of it is kept. The
/// caller sees to it that the device is free (<see cref="RunCoordinator.Borrow"/>).
/// </summary>
public static class PlanMeasurer
{
    /// <summary>Parts that progress is counted in: loading, three steps, two evaluations.</summary>
    public const int Parts = 6;

    /// <summary>Measures a plan.</summary>
    /// <param name="plan">A validated plan.</param>
    /// <param name="progress">Called with the parts done, of <see cref="Parts"/>.</param>
    /// <param name="time">The clock that stamps the measurement; null is the system's.</param>
    /// <param name="cancellation">Gives up at the next token sampled, or after the update under way.</param>
    /// <exception cref="InvalidDataException">A model or data file is not what the plan needs.</exception>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public static PlanMeasurement Measure(RunPlan plan, Action<int>? progress = null, TimeProvider? time = null, CancellationToken cancellation = default)
    {
        progress?.Invoke(0);
        using var loaded = new LoadedPlan(plan);
        var endings = loaded.Policy.EosIds;
        var done = 0;

        // The first step also allocates what later ones use again.
        Part(() => loaded.Trainer.Step(cancellation));
        var (step, tokens) = Part(Step);
        var queries = Share(loaded.EvaluationPrompts, plan.Evaluation.BatchSize);
        using var evaluator = loaded.EvaluatorOn(queries);
        var evaluation = Part(Evaluation);

        // Without an end of its own every response runs to the limit.
        loaded.Policy.EosIds = [];
        var (longestStep, _) = Part(Step);
        var longestEvaluation = Part(Evaluation);
        loaded.Policy.EosIds = endings;

        return new PlanMeasurement
        {
            At = (time ?? TimeProvider.System).GetUtcNow(),
            SecondsPerStep = step,
            // Noise must not turn the range round.
            LongestSecondsPerStep = Math.Max(step, longestStep),
            SecondsPerEvaluation = evaluation,
            LongestSecondsPerEvaluation = Math.Max(evaluation, longestEvaluation),
            ResponseTokens = tokens,
            MaxResponseTokens = plan.Ppo.MaxResponseTokens,
            QueriesMeasured = queries.Count,
        };

        (double Seconds, double Tokens) Step()
        {
            var report = loaded.Trainer.Step(cancellation);
            return (report[Metric.SecondsStep], report[Metric.LengthMean]);
        }

        double Evaluation() => evaluator.Evaluate(0, cancellation: cancellation).Report.Seconds * loaded.EvaluationPrompts.Count / queries.Count;

        T Part<T>(Func<T> measure)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Invoke(++done); // loading is done before the first
            return measure();
        }
    }

    /// <summary>As many queries as an evaluation answers together, short and long ones in the proportion of the whole.</summary>
    private static IReadOnlyList<EncodedPrompt> Share(IReadOnlyList<EncodedPrompt> prompts, int count)
    {
        if (prompts.Count <= count) return prompts;
        var byLength = prompts.OrderBy(prompt => prompt.Ids.Length).ToArray();
        return [.. Enumerable.Range(0, count).Select(i => byLength[(int)((i + 0.5) * byLength.Length / count)])];
    }
}
