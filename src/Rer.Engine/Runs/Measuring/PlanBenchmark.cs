using System.Diagnostics;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Runs.Queue;
using Rer.Engine.Training;

namespace Rer.Engine.Runs.Measuring;

/// <summary>
/// Trains a few steps of a plan and evaluates a share of its queries to see how long they take; nothing of it is kept. The
/// caller sees to it that the device is free (<see cref="RunCoordinator.TryAcquire"/>).
/// </summary>
public static class PlanBenchmark
{
    /// <summary>Parts that progress is counted in: loading, three of steps, two of evaluations.</summary>
    public const int Parts = 6;

    /// <summary>What is quick is repeated: this often at most, and for so long together.</summary>
    private static readonly (int Times, double Seconds) Repeats = (8, 2);

    /// <summary>The first steps allocate what later ones use again, and the runtime compiles them once more meanwhile.</summary>
    private static readonly (int Times, double Seconds) WarmUp = (20, 5);

    /// <summary>Measures a plan.</summary>
    /// <param name="plan">A validated plan.</param>
    /// <param name="progress">Called with the parts done, of <see cref="Parts"/>.</param>
    /// <param name="time">The clock that stamps the measurement; null is the system's.</param>
    /// <param name="cancellation">Gives up at the next token sampled, or after the update under way.</param>
    /// <exception cref="InvalidDataException">A model or data file is not what the plan needs.</exception>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public static PlanMeasurement Measure(RunPlan plan, Action<int>? progress = null, TimeProvider? time = null,
        CancellationToken cancellation = default)
    {
        progress?.Invoke(0);
        // A warm-up of the value head is a few quick steps: those that follow take the time.
        plan = plan with { Ppo = plan.Ppo with { ValueWarmupSteps = 0 } };
        using var loaded = new LoadedPlan(plan);
        var endings = loaded.Policy.EosIds;
        var done = 0;
        var lengths = new List<double>();

        Part(Step, WarmUp);
        lengths.Clear();
        var wait = ProcessorWait.Start();
        var step = Part(Step);
        var tokens = lengths.Average();
        var queries = Share(loaded.EvaluationPrompts, plan.Evaluation.BatchSize);
        using var evaluator = loaded.EvaluatorOn(queries);
        var evaluation = Part(Evaluation);

        // Without an end of its own every response runs to the limit.
        loaded.Policy.EosIds = [];
        var longestStep = Part(Step);
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
            LongestPrompt = loaded.LongestPrompt,
            Waited = wait.Share,
        };

        double Step()
        {
            var report = loaded.Trainer.Step(cancellation);
            lengths.Add(report[Metric.LengthMean]);
            return report[Metric.SecondsStep];
        }

        double Evaluation() =>
            evaluator.Evaluate(0, cancellation: cancellation).Report.Seconds * loaded.EvaluationPrompts.Count / queries.Count;

        double Part(Func<double> measure, (int Times, double Seconds)? repeats = null)
        {
            var (most, enough) = repeats ?? Repeats;
            progress?.Invoke(++done); // loading is done before the first
            var started = Stopwatch.GetTimestamp();
            var times = new List<double>();
            do
            {
                cancellation.ThrowIfCancellationRequested();
                times.Add(measure());
            }
            while (times.Count < most && Stopwatch.GetElapsedTime(started).TotalSeconds < enough);

            // What disturbs only ever adds: the quicker half tells what undisturbed ones take.
            return times.Order().Take((times.Count + 1) / 2).Average();
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
