using System.Globalization;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Runs.Session;

namespace Rer.Web.Tests.Stores;

/// <summary>
/// Stands in for training: publishes made-up steps and evaluations at a pace of its own, and goes on where it was stopped.
/// </summary>
public sealed class ScriptedSession : IRunSession
{
    private readonly RunPlan _plan;
    private readonly RunContext _context;
    private readonly TimeSpan _pause;
    private readonly SampleRun _sample;
    private readonly string _saved;

    public ScriptedSession(RunPlan plan, RunContext context, TimeSpan pause)
    {
        (_plan, _context, _pause, _sample) = (plan, context, pause, new SampleRun(plan, plan.Seed));
        _saved = Path.Combine(context.Folder, "step");
        var resumed = File.Exists(_saved);
        if (resumed) Step = int.Parse(File.ReadAllText(_saved), CultureInfo.InvariantCulture);
        context.RewindTo(resumed ? Step : -1);
    }

    public int Step { get; private set; }

    public bool Run(CancellationToken stop)
    {
        try
        {
            if (Step == 0) Evaluate();
            while (Step < _plan.Ppo.Steps)
            {
                if (stop.WaitHandle.WaitOne(_pause)) return false;
                _context.Publish(new StepCompleted(_sample.Step(++Step)));
                if (Step % _plan.Evaluation.Every == 0) Evaluate();
            }
            return true;
        }
        finally
        {
            File.WriteAllText(_saved, Step.ToString(CultureInfo.InvariantCulture));
        }
    }

    public void Dispose() { }

    private void Evaluate()
    {
        _context.Publish(_sample.Evaluation(Step), _sample.Rollouts(Step));
        _context.Publish(new CheckpointSaved(Step, $"checkpoints/{Step}"));
    }
}
