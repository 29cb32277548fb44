using System.Text.Json;
using Rer.Engine.Evaluation;
using Rer.Engine.Gold.Remote;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Training;

namespace Rer.Engine.Runs.Session;

/// <summary>A run on the real engine: loads what the plan names, trains, evaluates, saves, and says so in events.</summary>
public sealed class RunSession : IRunSession
{
    /// <summary>Stands in a checkpoint that was saved before the evaluation due at its step.</summary>
    private const string EvaluationDueFile = "evaluation.due";

    private readonly RunPlan _plan;
    private readonly RunContext _context;
    private readonly CheckpointFolder _checkpoints;
    private readonly LoadedPlan _loaded;
    private readonly PpoTrainer _trainer;
    private readonly CheckpointEvaluator _evaluator;
    private bool _evaluationDue = true; // of the untrained policy

    /// <summary>Loads models and data, and the newest checkpoint where the run has one.</summary>
    /// <param name="plan">A validated plan.</param>
    /// <param name="context">The run's identity, folder and stream.</param>
    /// <exception cref="InvalidDataException">A model or data file is not what the plan needs.</exception>
    public RunSession(RunPlan plan, RunContext context)
    {
        (_plan, _context, _checkpoints) = (plan, context, new CheckpointFolder(context.Folder));
        _loaded = new LoadedPlan(plan, Loading);
        _trainer = _loaded.Trainer;
        _evaluator = _loaded.EvaluatorOn(_loaded.EvaluationPrompts);
        RestoreNewest();
        if (_loaded.LeftOut is { } leftOut) Log("warning", leftOut);
        Report("load", LoadedPlan.Parts, LoadedPlan.Parts);
    }

    /// <inheritdoc/>
    public int Step => _trainer.StepsDone;

    /// <inheritdoc/>
    public bool Run(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                if (_evaluationDue) EvaluateAndSave(stop);
                if (Step >= _plan.Ppo.Steps) return true;
                if (stop.IsCancellationRequested) break;
                // A stop waits for the step: what it has sampled is worth keeping. The end of the program does not wait for long.
                _context.Publish(new StepCompleted(_trainer.Step(_context.GiveUp)));
                _evaluationDue = Step % _plan.Evaluation.Every == 0 || Step >= _plan.Ppo.Steps;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // An evaluation was cut short: it is still due, and the checkpoint says so. Or a step was dropped: it will be taken again.
        }
        catch (GoldUnavailableException)
        {
            // The steps since the last evaluation are worth more than a server's bad hour: a resumed run begins with the evaluation.
            Save();
            throw;
        }

        Save();
        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _evaluator.Dispose();
        _loaded.Dispose();
    }

    /// <exception cref="OperationCanceledException">The run is to stop: what is not loaded yet need not be.</exception>
    private void Loading(int done)
    {
        _context.Stop.ThrowIfCancellationRequested();
        Report("load", done, LoadedPlan.Parts);
    }

    private void EvaluateAndSave(CancellationToken stop)
    {
        var (report, rollouts) = _evaluator.Evaluate(Step, (done, total) => Report("evaluate", done, total), stop);
        _context.Publish(report, rollouts);
        _evaluationDue = false;
        Save();
        // An evaluation's batches are larger than a step's; what they took is not kept for the next one, hundreds of steps away.
        NativeMemory.GiveBack();
    }

    private void Save()
    {
        var folder = _checkpoints.Save(Step, folder =>
        {
            _trainer.Save(folder);
            if (_evaluationDue) File.WriteAllText(Path.Combine(folder, EvaluationDueFile), "");
        });
        _context.Publish(new CheckpointSaved(Step, folder));
    }

    /// <summary>Goes on from the newest checkpoint that is as it was written; those passed over are named in the log.</summary>
    /// <exception cref="InvalidDataException">The run has checkpoints, and none of them can be used.</exception>
    private void RestoreNewest()
    {
        if (_checkpoints.Steps.Count == 0)
        {
            _context.RewindTo(-1);
            return;
        }

        var passedOver = new List<string>();
        foreach (var step in _checkpoints.Steps.Reverse())
        {
            if (WhyNotRestored(step) is { } problem)
            {
                passedOver.Add($"The checkpoint of step {step} is passed over. {problem}");
                continue;
            }

            _context.RewindTo(step);
            _evaluationDue = File.Exists(Path.Combine(_checkpoints.PathOf(step), EvaluationDueFile));
            foreach (var line in passedOver) Log("warning", line);
            Log("info", $"resumed from the checkpoint of step {step}");
            return;
        }

        throw new InvalidDataException(
            $"No checkpoint of this run can be used. {string.Join(' ', passedOver)} Put one of them right, or move the folder away to "
                + "begin anew.");
    }

    /// <summary>Loads the checkpoint of a step; what is wrong with it, or null where it was loaded.</summary>
    private string? WhyNotRestored(int step)
    {
        var folder = _checkpoints.PathOf(step);
        try
        {
            if (_checkpoints.Damage(step) is { } damage) return $"{Path.Combine(folder, damage)}.";
            _trainer.Load(folder, step);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException or JsonException)
        {
            return error is JsonException ? $"{folder}: {error.Message}" : error.Message;
        }
    }

    private void Log(string level, string text) => _context.Publish(new LogWritten(level, Step, text));

    private void Report(string phase, int done, int total) => _context.Publish(new ProgressChanged(phase, done, total));
}
