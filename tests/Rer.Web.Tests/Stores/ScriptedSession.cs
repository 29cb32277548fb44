using Rer.Engine.Runs;

namespace Rer.Web.Tests.Stores;

/// <summary>Stands in for training: publishes made-up steps and evaluations at a pace of its own.</summary>
public sealed class ScriptedSession(RunPlan plan, RunContext context, TimeSpan pause) : IRunSession
{
    private readonly SampleRun _sample = new(plan, plan.Seed);

    public int Step { get; private set; }

    public bool Run(CancellationToken stop)
    {
        if (Step == 0) Evaluate();
        while (Step < plan.Ppo.Steps)
        {
            if (stop.WaitHandle.WaitOne(pause)) return false;
            context.Publish(new StepCompleted(_sample.Step(++Step)));
            if (Step % plan.Evaluation.Every == 0) Evaluate();
        }
        return true;
    }

    public void Dispose() { }

    private void Evaluate()
    {
        context.Publish(_sample.Evaluation(Step), _sample.Rollouts(Step));
        context.Publish(new CheckpointSaved(Step, $"checkpoints/{Step}"));
    }
}
