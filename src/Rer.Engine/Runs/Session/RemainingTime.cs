using Rer.Engine.Evaluation;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Training;

namespace Rer.Engine.Runs.Session;

/// <summary>How long a run still takes, from how long its latest steps and its last evaluation took.</summary>
public sealed class RemainingTime
{
    /// <summary>Steps the mean is taken over: enough to be steady, few enough to follow responses that grow.</summary>
    private const int Window = 50;

    private readonly Queue<double> _steps = new(Window);
    private double _evaluation;

    /// <summary>Takes note of a step.</summary>
    public void Add(StepReport report)
    {
        var seconds = report[Metric.SecondsStep];
        if (!double.IsFinite(seconds)) return;
        if (_steps.Count == Window) _steps.Dequeue();
        _steps.Enqueue(seconds);
    }

    /// <summary>Takes note of an evaluation.</summary>
    public void Add(EvaluationReport report) => _evaluation = report.Seconds;

    /// <summary>Seconds a step, NaN before the first.</summary>
    public double SecondsPerStep => _steps.Count == 0 ? double.NaN : _steps.Average();

    /// <summary>Time from <paramref name="step"/> to the end of <paramref name="plan"/>; null before the first step.</summary>
    public TimeSpan? Of(RunPlan plan, int step)
    {
        if (_steps.Count == 0) return null;
        var (steps, every) = (plan.Ppo.Steps, plan.Evaluation.Every);
        // The last step is evaluated too, whether or not it falls on the beat.
        var evaluations = (steps / every) - (step / every) + (steps % every == 0 ? 0 : 1);
        return TimeSpan.FromSeconds(Math.Max(0, steps - step) * SecondsPerStep + Math.Max(0, step < steps ? evaluations : 0) * _evaluation);
    }
}
