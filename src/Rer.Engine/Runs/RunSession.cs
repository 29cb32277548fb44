using Rer.Engine.Data;
using Rer.Engine.Evaluation;
using Rer.Engine.Gold;
using Rer.Engine.Gold.Remote;
using Rer.Engine.Models;
using Rer.Engine.Ppo;
using Rer.Engine.Rewards;

namespace Rer.Engine.Runs;

/// <summary>A run on the real engine: loads what the plan names, trains, evaluates, saves, and says so in events.</summary>
public sealed class RunSession : IRunSession
{
    /// <summary>Stands in a checkpoint that was saved before the evaluation due at its step.</summary>
    private const string EvaluationDueFile = "evaluation.due";

    private readonly RunPlan _plan;
    private readonly RunContext _context;
    private readonly CheckpointFolder _checkpoints;
    private readonly CausalLm _model;
    private readonly IGoldRewardModel? _gold;
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
        var device = ComputeDevice.Resolve(plan.Device);
        Report("load", 0, 4);
        var encoder = new PromptEncoder(plan);
        var training = plan.LoadData();
        var evaluation = plan.LoadEvaluationData();
        var (trainingPrompts, evaluationPrompts) = (encoder.Encode(training), encoder.Encode(evaluation, plan.Evaluation.Queries));
        string[] problems =
        [
            .. plan.Design.Check(training), .. plan.Design.Check(evaluation), .. trainingPrompts.Problems, .. evaluationPrompts.Problems,
        ];
        // The plan was checked when it was made, but files may have changed while it waited.
        if (problems.Length > 0) throw new InvalidDataException(string.Join(Environment.NewLine, problems));
        Report("load", 1, 4);

        _model = CausalLm.Load(plan.Policy, device, ComputeDevice.TrainingType(plan.DType, device, ModelConfig.Read(plan.Policy)));
        _model.EosIds = encoder.EndIds(_model.Config);
        _model.AddLora(plan.Lora, SeededRandom.Seed(plan.Seed, "adapter"));
        _model.AddValueHead(SeededRandom.Seed(plan.Seed, "value head"));
        Report("load", 2, 4);
        _gold = plan.Gold is null ? null : GoldRewardModels.Open(plan.Gold, device, ComputeDevice.TypeNamed(plan.DType));
        Report("load", 3, 4);

        var relevance = RelevanceModels.Create(plan.Relevance, training, device);
        var scorer = new RewardScorer(plan.Design, relevance, encoder.Template, plan.Ppo.MaxResponseTokens);
        _trainer = new PpoTrainer(_model, encoder.Tokenizer, scorer, trainingPrompts.Prompts, plan.Ppo, plan.Seed);
        _evaluator = new CheckpointEvaluator(
            _model, encoder.Tokenizer, scorer, _gold, evaluationPrompts.Prompts, plan.Evaluation, plan.Ppo.MaxResponseTokens, plan.Seed);
        RestoreNewest();
        if (trainingPrompts.Skipped + evaluationPrompts.Skipped > 0)
        {
            Log("warning", $"left out as too long: {trainingPrompts.Skipped} of {training.Count} training prompts, {evaluationPrompts.Skipped} evaluation prompts");
        }

        Report("load", 4, 4);
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
                _context.Publish(new StepCompleted(_trainer.Step()));
                _evaluationDue = Step % _plan.Evaluation.Every == 0 || Step >= _plan.Ppo.Steps;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // An evaluation was cut short. It is still due, and the checkpoint says so.
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
        _trainer.Dispose();
        _gold?.Dispose();
        _model.Dispose();
    }

    private void EvaluateAndSave(CancellationToken stop)
    {
        var (report, rollouts) = _evaluator.Evaluate(Step, (done, total) => Report("evaluate", done, total), stop);
        _context.Publish(report, rollouts);
        _evaluationDue = false;
        Save();
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

    private void RestoreNewest()
    {
        if (_checkpoints.Steps is not [.., var newest])
        {
            _context.RewindTo(-1);
            return;
        }

        _trainer.Load(_checkpoints.PathOf(newest));
        _context.RewindTo(newest);
        _evaluationDue = File.Exists(Path.Combine(_checkpoints.PathOf(newest), EvaluationDueFile));
        Log("info", $"resumed from the checkpoint of step {newest}");
    }

    private void Log(string level, string text) => _context.Publish(new LogWritten(level, Step, text));

    private void Report(string phase, int done, int total) => _context.Publish(new ProgressChanged(phase, done, total));
}
