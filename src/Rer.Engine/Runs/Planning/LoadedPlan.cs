using Rer.Engine.Data;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation;
using Rer.Engine.Gold;
using Rer.Engine.Models;
using Rer.Engine.Models.Architectures;
using Rer.Engine.Rewards;
using Rer.Engine.Rewards.Relevance;
using Rer.Engine.Training;

namespace Rer.Engine.Runs.Planning;

/// <summary>
/// What a plan names, in memory: the policy with adapter and value head, the gold reward, prompts, and a trainer at step 0.
/// </summary>
internal sealed class LoadedPlan : IDisposable
{
    /// <summary>Parts that loading counts.</summary>
    public const int Parts = 4;

    private readonly RunPlan _plan;
    private readonly PromptEncoder _encoder;
    private readonly RewardScorer _scorer;
    private readonly IGoldRewardModel? _gold;

    /// <summary>Loads models and data.</summary>
    /// <param name="plan">A validated plan.</param>
    /// <param name="progress">Called with the parts loaded, of <see cref="Parts"/>.</param>
    /// <exception cref="InvalidDataException">A model or data file is not what the plan needs.</exception>
    public LoadedPlan(RunPlan plan, Action<int>? progress = null)
    {
        _plan = plan;
        var device = ComputeDevice.Resolve(plan.Device);
        progress?.Invoke(0);
        _encoder = new PromptEncoder(plan);
        var training = plan.LoadData();
        var evaluation = plan.LoadEvaluationData();
        var (trainingPrompts, evaluationPrompts) = (_encoder.Encode(training), _encoder.Encode(evaluation, plan.Evaluation.Queries));
        string[] problems =
        [
            .. plan.Design.Check(training), .. plan.Design.Check(evaluation), .. trainingPrompts.Problems, .. evaluationPrompts.Problems,
        ];
        // The plan was checked when it was made, but files may have changed while it waited.
        if (problems.Length > 0) throw new InvalidDataException(string.Join(Environment.NewLine, problems));
        EvaluationPrompts = evaluationPrompts.Prompts;
        LongestPrompt = trainingPrompts.Prompts.Concat(evaluationPrompts.Prompts).Max(prompt => prompt.Ids.Length);
        if (trainingPrompts.Skipped + evaluationPrompts.Skipped > 0)
            LeftOut = $"left out as too long: {trainingPrompts.Skipped} of {training.Count} training prompts, {evaluationPrompts.Skipped} "
                + "evaluation prompts";
        progress?.Invoke(1);

        Policy = CausalLm.Load(plan.Policy, device, ComputeDevice.TrainingType(plan.DType, device.type, ModelConfig.Read(plan.Policy)));
        try
        {
            Policy.EosIds = _encoder.EndIds(Policy.Config);
            Policy.AddLora(plan.Lora, SeededRandom.Seed(plan.Seed, "adapter"));
            if (plan.Ppo.AdvantageEstimator.Estimator.UsesValues) Policy.AddValueHead(SeededRandom.Seed(plan.Seed, "value head"));
            progress?.Invoke(2);
            _gold = plan.Gold is null ? null : GoldRewardModels.Open(plan.Gold, device, ComputeDevice.TypeNamed(plan.DType));
            progress?.Invoke(3);

            var relevance = RelevanceModels.Create(plan.Relevance, training, device);
            _scorer = new RewardScorer(plan.Design, relevance, _encoder.Template, plan.Ppo.MaxResponseTokens);
            Trainer = new PpoTrainer(Policy, _encoder.Tokenizer, _scorer, trainingPrompts.Prompts, plan.Ppo, plan.Seed);
        }
        catch
        {
            _gold?.Dispose();
            Policy.Dispose();
            throw;
        }
    }

    /// <summary>The policy, which <see cref="Trainer"/> updates.</summary>
    public CausalLm Policy { get; }

    /// <summary>At step 0.</summary>
    public PpoTrainer Trainer { get; }

    /// <summary>The queries of an evaluation.</summary>
    public IReadOnlyList<EncodedPrompt> EvaluationPrompts { get; }

    /// <summary>Tokens of the longest prompt, of training or evaluation.</summary>
    public int LongestPrompt { get; }

    /// <summary>How many prompts were left out and why; null where none were.</summary>
    public string? LeftOut { get; }

    /// <summary>Evaluates the policy on <paramref name="prompts"/>; the caller disposes of it.</summary>
    public CheckpointEvaluator EvaluatorOn(IReadOnlyList<EncodedPrompt> prompts) =>
        new(Policy, _encoder.Tokenizer, _scorer, _gold, prompts, _plan.Evaluation, _plan.Ppo.MaxResponseTokens, _plan.Seed);

    /// <inheritdoc/>
    public void Dispose()
    {
        Trainer.Dispose();
        _gold?.Dispose();
        Policy.Dispose();
    }
}
