using Rer.Engine.Gold;
using Rer.Engine.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Runs;

/// <summary>What a run will take: memory from the models' shapes, time from steps that were measured.</summary>
/// <param name="Parts">Memory by purpose, largest first.</param>
/// <param name="SecondsPerStep">Of a training step; NaN where none was measured.</param>
/// <param name="SecondsPerEvaluation">Of an evaluation; NaN where none was measured.</param>
/// <param name="Evaluations">Evaluations in all, that of step 0 included.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="CheckpointBytes">Disk that the checkpoints take.</param>
/// <param name="MeasuredOn">The run that was measured; null where none was.</param>
public sealed record RunEstimate(
    IReadOnlyList<MemoryPart> Parts, double SecondsPerStep, double SecondsPerEvaluation, int Evaluations, int Steps, double CheckpointBytes, string? MeasuredOn)
{
    // Bytes a token and layer that the backward pass keeps, per hidden unit: Korthikanti et al. 2022, equation 1, in elements.
    private const double ActivationElements = 17;

    /// <summary>Bytes at the peak.</summary>
    public double Bytes => Parts.Sum(p => p.Bytes);

    /// <summary>Seconds in training.</summary>
    public double TrainingSeconds => Steps * SecondsPerStep;

    /// <summary>Seconds in evaluations.</summary>
    public double EvaluationSeconds => Evaluations * SecondsPerEvaluation;

    /// <summary>Seconds in all.</summary>
    public double Seconds => TrainingSeconds + EvaluationSeconds;

    /// <summary>An estimate for a plan.</summary>
    /// <param name="plan">The plan; its policy folder must hold a readable model.</param>
    /// <param name="measured">An earlier run for which <see cref="Comparable"/> holds; null where there is none.</param>
    /// <exception cref="InvalidDataException">A model's configuration cannot be read.</exception>
    public static RunEstimate Of(RunPlan plan, MeasuredRun? measured)
    {
        var config = ModelConfig.Read(plan.Policy);
        var device = ComputeDevice.Resolve(plan.Device);
        var element = ComputeDevice.TrainingType(plan.DType, device, config) == ScalarType.Float32 ? 4.0 : 2.0;
        var tokens = Math.Min(config.MaxPositions, plan.Ppo.MaxPromptTokens + (double)plan.Ppo.MaxResponseTokens);
        var rows = Math.Max(plan.Ppo.BatchSize, plan.Evaluation.BatchSize * plan.Evaluation.Responses);
        var adapter = AdapterParameters(config, plan.Lora) + config.HiddenSize + 1;
        List<MemoryPart> parts =
        [
            new("Policy and reference, one backbone", Elements(plan.Policy) * element),
            new("KV cache", 2.0 * config.Layers * config.KeyValueHeads * config.HeadSize * rows * tokens * element),
            new("Activations and logits", plan.Ppo.MiniBatchSize * tokens * (ActivationElements * config.HiddenSize * config.Layers * element + 8.0 * config.VocabularySize)),
            new("Adapter, value head, optimiser", adapter * 16.0),
        ];
        if (plan.Gold is { } gold) parts.Add(new("Gold", GoldSource.Parse(gold).Folders.Sum(Elements) * element));

        var every = Math.Max(1, plan.Evaluation.Every);
        var evaluations = 1 + plan.Ppo.Steps / every + (plan.Ppo.Steps % every == 0 ? 0 : 1);
        return new RunEstimate(
            [.. parts.OrderByDescending(p => p.Bytes)],
            measured?.SecondsPerStep ?? double.NaN,
            measured?.SecondsPerEvaluation ?? double.NaN,
            evaluations,
            plan.Ppo.Steps,
            // Weights and two moments of Adam, in single precision.
            evaluations * adapter * 12.0,
            measured?.RunId);
    }

    /// <summary>Whether a step and an evaluation of one plan take as long as those of another.</summary>
    public static bool Comparable(RunPlan a, RunPlan b) =>
        a.Policy == b.Policy && a.Gold == b.Gold && a.Relevance == b.Relevance && a.Device == b.Device && a.DType == b.DType
        && a.Ppo.BatchSize == b.Ppo.BatchSize && a.Ppo.MiniBatchSize == b.Ppo.MiniBatchSize && a.Ppo.Epochs == b.Ppo.Epochs
        && a.Ppo.MaxResponseTokens == b.Ppo.MaxResponseTokens && a.Evaluation with { Every = 1 } == b.Evaluation with { Every = 1 };

    private static double Elements(string folder)
    {
        using var weights = WeightFolder.Open(folder);
        return weights.Entries.Sum(e => (double)e.Count);
    }

    private static double AdapterParameters(ModelConfig config, LoraOptions lora)
    {
        double attention = config.Heads * config.HeadSize, keyValue = config.KeyValueHeads * config.HeadSize;
        return config.Layers * lora.Rank * lora.TargetModules.Sum(module => module switch
        {
            "k_proj" or "v_proj" => config.HiddenSize + keyValue,
            "gate_proj" or "up_proj" or "down_proj" => config.HiddenSize + (double)config.IntermediateSize,
            _ => config.HiddenSize + attention,
        });
    }
}
