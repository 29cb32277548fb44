using Rer.Engine.Runs.Planning;
using Rer.Engine.Runs.Session;

namespace Rer.Engine.Tests.Runs;

/// <summary>
/// A session that trains nothing: it reports steps and evaluations until the plan's last step, doing at each what a test asks.
/// </summary>
internal sealed class ScriptedSession(RunPlan plan, RunContext context, Action<int, CancellationToken>? atStep = null) : IRunSession
{
    public int Step { get; private set; } = LastCheckpoint(context);

    public bool Run(CancellationToken stop)
    {
        while (Step < plan.Ppo.Steps && !stop.IsCancellationRequested)
        {
            Step++;
            context.Publish(Samples.Step(Step));
            if (Step % plan.Evaluation.Every == 0)
                context.Publish(Samples.Evaluation(Step), [Samples.Rollout(Step, 0, 0), Samples.Rollout(Step, 1, 0)]);
            atStep?.Invoke(Step, stop);
        }

        File.WriteAllText(Path.Combine(context.Folder, "checkpoint"), $"{Step}");
        return Step == plan.Ppo.Steps;
    }

    public void Dispose() { }

    private static int LastCheckpoint(RunContext context)
    {
        var file = Path.Combine(context.Folder, "checkpoint");
        var step = File.Exists(file) ? int.Parse(File.ReadAllText(file)) : 0;
        context.RewindTo(step);
        return step;
    }
}
