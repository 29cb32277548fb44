using Rer.Engine.Evaluation;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Storage;
using Rer.Engine.Training;

namespace Rer.Engine.Runs.Session;

/// <summary>How fast a run goes and how long it will still take.</summary>
/// <param name="SecondsPerStep">Mean of the last <see cref="Window"/> steps; NaN before the first.</param>
/// <param name="SecondsPerEvaluation">Mean of the evaluations so far; NaN before the first.</param>
/// <param name="StepsLeft">Steps to go.</param>
/// <param name="StepsToEvaluation">Steps to the next evaluation; 0 where one is due or none will come.</param>
/// <param name="EvaluationsLeft">Evaluations to go.</param>
public readonly record struct RunPace(double SecondsPerStep, double SecondsPerEvaluation, int StepsLeft, int StepsToEvaluation,
    int EvaluationsLeft)
{
    /// <summary>Steps that the pace is measured over.</summary>
    public const int Window = 50;

    /// <summary>Seconds to the end; NaN before the first step.</summary>
    public double SecondsLeft => StepsLeft * SecondsPerStep + (EvaluationsLeft == 0 ? 0 : EvaluationsLeft * SecondsPerEvaluation);

    /// <summary>Seconds to the next evaluation's start.</summary>
    public double SecondsToEvaluation => StepsToEvaluation * SecondsPerStep;

    /// <summary>The pace of a run in a store.</summary>
    public static RunPace Of(IRunStore store, RunRecord run) => Of(
        run.Plan, run.Step, store.NewestValues(run.Id, Metric.SecondsStep, Window), store.MeanEvaluationSeconds(run.Id));

    /// <summary>The pace of a run.</summary>
    /// <param name="plan">Its plan.</param>
    /// <param name="step">PPO steps completed.</param>
    /// <param name="stepSeconds">`seconds/step` by step.</param>
    /// <param name="evaluations">Its evaluations.</param>
    public static RunPace Of(RunPlan plan, int step, IEnumerable<double> stepSeconds, IReadOnlyList<EvaluationReport> evaluations) =>
        Of(plan, step, stepSeconds, evaluations.Count == 0 ? double.NaN : evaluations.Average(e => e.Seconds));

    /// <summary>The pace of a run.</summary>
    /// <param name="plan">Its plan.</param>
    /// <param name="step">PPO steps completed.</param>
    /// <param name="stepSeconds">`seconds/step` by step.</param>
    /// <param name="secondsPerEvaluation">Mean of its evaluations; NaN before the first.</param>
    public static RunPace Of(RunPlan plan, int step, IEnumerable<double> stepSeconds, double secondsPerEvaluation)
    {
        var recent = stepSeconds.TakeLast(Window).Where(double.IsFinite).ToArray();
        var every = Math.Max(1, plan.Evaluation.Every);
        var left = Math.Max(0, plan.Ppo.Steps - step);
        // One every `every` steps, and one at the end where that is not already due.
        var evaluationsLeft = left == 0 ? 0 : plan.Ppo.Steps / every - step / every + (plan.Ppo.Steps % every == 0 ? 0 : 1);
        return new RunPace(
            recent.Length == 0 ? double.NaN : recent.Average(),
            secondsPerEvaluation,
            left,
            left == 0 ? 0 : Math.Min(left, every - step % every),
            evaluationsLeft);
    }
}
