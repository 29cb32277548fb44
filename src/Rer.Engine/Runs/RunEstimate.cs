using Rer.Engine.Gold;
using Rer.Engine.Kernels;
using Rer.Engine.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Runs;

/// <summary>What a run will take: memory from the models' shapes, time from steps that were measured.</summary>
/// <param name="Parts">Memory by purpose, largest first.</param>
/// <param name="Timing">Of a step and an evaluation; null where none was measured.</param>
/// <param name="Evaluations">Evaluations in all, that of step 0 included.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="CheckpointBytes">Disk that the checkpoints take.</param>
public sealed record RunEstimate(
    IReadOnlyList<MemoryPart> Parts, RunTiming? Timing, int Evaluations, int Steps, double CheckpointBytes)
{
    // The program with its libraries, one model loaded: measured on the CPU, where it counts; a GPU's peak is that of its tensors.
    private const double ProgramBytes = 270 * 1024 * 1024;

    // As in TextGenerator, DecodeBatch and CheckpointGold.
    private const int DecodedRows = 128, PromptTokensAtOnce = 16_384, GoldTokensAtOnce = 8192;

    /// <summary>Bytes at the peak.</summary>
    public double Bytes => Parts.Sum(p => p.Bytes);

    /// <summary>Seconds in all, with responses as they were when it was measured; NaN where nothing was.</summary>
    public double Seconds => TrainingSeconds + EvaluationSeconds;

    /// <summary>Seconds in all, with every response at its limit where that was measured.</summary>
    public double LongestSeconds => LongestTrainingSeconds + LongestEvaluationSeconds;

    /// <summary>Seconds in training, of <see cref="Seconds"/>.</summary>
    public double TrainingSeconds => Steps * (Timing?.SecondsPerStep ?? double.NaN);

    /// <summary>Seconds in training, of <see cref="LongestSeconds"/>.</summary>
    public double LongestTrainingSeconds => Steps * (Timing?.LongestSecondsPerStep ?? double.NaN);

    /// <summary>Seconds in evaluations, of <see cref="Seconds"/>.</summary>
    public double EvaluationSeconds => Evaluations * (Timing?.SecondsPerEvaluation ?? double.NaN);

    /// <summary>Seconds in evaluations, of <see cref="LongestSeconds"/>.</summary>
    public double LongestEvaluationSeconds => Evaluations * (Timing?.LongestSecondsPerEvaluation ?? double.NaN);

    /// <summary>An estimate for a plan. Memory counts every response at its longest.</summary>
    /// <param name="plan">The plan; its policy folder must hold a readable model.</param>
    /// <param name="timing">What is known of its time (<see cref="RunTiming.Find"/>); null where nothing is.</param>
    /// <param name="longestPrompt">Tokens of the longest prompt; null takes a measurement's, and where there is none what the plan allows.</param>
    /// <exception cref="InvalidDataException">A model's configuration cannot be read.</exception>
    public static RunEstimate Of(RunPlan plan, RunTiming? timing, int? longestPrompt = null)
    {
        var config = ModelConfig.Read(plan.Policy);
        var device = ComputeDevice.Resolve(plan.Device);
        var type = ComputeDevice.TrainingType(plan.DType, device.type, config);
        var element = type == ScalarType.Float32 ? 4.0 : 2.0;
        var memory = new ModelMemory(config);
        var prompt = Math.Min(longestPrompt ?? timing?.Measured?.LongestPrompt ?? plan.Ppo.MaxPromptTokens, config.MaxPositions);
        var tokens = Math.Min(config.MaxPositions, prompt + (double)plan.Ppo.MaxResponseTokens);
        var trained = Math.Min(DecodedRows, plan.Ppo.BatchSize);
        var sampled = (plan.Evaluation.Queries > 0 ? Math.Min(plan.Evaluation.BatchSize, plan.Evaluation.Queries) : plan.Evaluation.BatchSize) * (double)plan.Evaluation.Responses;
        var evaluated = Math.Min(DecodedRows, sampled);
        var gold = plan.Gold is { } source ? GoldSource.Parse(source).Folders.ToArray() : [];
        List<MemoryPart> parts =
        [
            new("Policy and reference, one backbone", Elements(plan.Policy) * element),
            new("KV caches of training and evaluation", memory.CachePerToken * (trained + evaluated) * tokens * element),
            new("Activations and logits", Passes(plan, config, memory, prompt, tokens, Math.Max(trained, evaluated), sampled, element, device) is var passes && device.type == DeviceType.CPU
                // The C library's allocator gives back little of what smaller passes took: by measurement about half of it stays.
                ? passes.Max() + (passes.Sum() - passes.Max()) / 2
                : passes.Max()),
            // Weight, gradient and Adam's two moments, in single precision.
            new("Adapter, value head, optimiser", (memory.AdapterElements(plan.Lora) + config.HiddenSize + 1) * 16.0),
        ];
        if (type == ScalarType.Float32) parts.Add(new("Layers with the adapter folded in, for generation", memory.FoldedElements(plan.Lora) * element));
        if (gold.Length > 0) parts.Add(new("Gold", gold.Sum(folder => Elements(folder) * GoldElement(folder, plan, device))));
        if (device.type == DeviceType.CPU) parts.Add(new("Program", ProgramBytes));
        var adapter = memory.AdapterElements(plan.Lora) + config.HiddenSize + 1;

        var every = Math.Max(1, plan.Evaluation.Every);
        var evaluations = 1 + plan.Ppo.Steps / every + (plan.Ppo.Steps % every == 0 ? 0 : 1);
        return new RunEstimate(
            [.. parts.OrderByDescending(p => p.Bytes)],
            timing,
            evaluations,
            plan.Ppo.Steps,
            // Weights and two moments of Adam, in single precision.
            evaluations * adapter * 12.0);
    }

    /// <summary>Whether a step and an evaluation of one plan take as long as those of another.</summary>
    public static bool Comparable(RunPlan a, RunPlan b) =>
        a.Policy == b.Policy && a.Gold == b.Gold && a.Relevance == b.Relevance && a.Device == b.Device && a.DType == b.DType
        && a.Ppo.BatchSize == b.Ppo.BatchSize && a.Ppo.AdvantageEstimator == b.Ppo.AdvantageEstimator
        && a.Ppo.MiniBatchSize == b.Ppo.MiniBatchSize && a.Ppo.Epochs == b.Ppo.Epochs
        && a.Ppo.MaxResponseTokens == b.Ppo.MaxResponseTokens && a.Evaluation with { Every = 1 } == b.Evaluation with { Every = 1 };

    private static double Elements(string folder)
    {
        using var weights = WeightFolder.Open(folder);
        return weights.Entries.Sum(e => (double)e.Count);
    }

    private static double GoldElement(string folder, RunPlan plan, Device device)
    {
        if (Architectures.IsEncoderFolder(folder)) return 4;
        return (ComputeDevice.TypeNamed(plan.DType) ?? ModelConfig.Read(folder).TypeOn(device.type)) == ScalarType.Float32 ? 4 : 2;
    }

    /// <summary>Bytes that each kind of pass holds while it runs, its parts together: update, trace, reading of prompts, gold.</summary>
    private static List<double> Passes(
        RunPlan plan, ModelConfig config, ModelMemory memory, int prompt, double tokens, double rows, double sampled, double element, Device device)
    {
        var (ppo, ways) = (plan.Ppo, DataParallel.Ways(device));
        double Logits(double positions) => positions * config.VocabularySize * 4.0;

        // Under the head a kernel holds one copy of a block's logits; operators hold what comes of them beside them.
        var kernels = IKernels.For(device, element == 4 ? ScalarType.Float32 : ScalarType.BFloat16);
        var held = kernels is SimdKernels ? 1 : 3;
        double AtOnce(double positions) => held * Logits(Math.Min(positions, ways * kernels.HeadPositionsAtOnce(config.VocabularySize)));

        // A pass of the update holds an optimiser step's sequences, or as many mini-batches of them as the budget takes.
        var minibatch = Math.Min(ppo.MiniBatchSize, ppo.BatchSize) * tokens;
        var update = Math.Clamp(Math.Min(ppo.MiniBatchSize * ppo.GradientAccumulation, ppo.BatchSize) * tokens, minibatch, Math.Max(minibatch, ppo.TokenBudget));
        var trace = Math.Min(ppo.BatchSize * tokens, Math.Max(tokens, ppo.TokenBudget));
        var answered = ppo.MaxResponseTokens / tokens;
        var reading = Math.Min(rows * prompt, PromptTokensAtOnce * ways);
        List<double> passes =
        [
            update * (memory.KeptPerToken(plan.Lora) + memory.PassingPerToken) * element + AtOnce(update * answered),
            trace * memory.PassingPerToken * element + AtOnce(trace * answered),
            reading * memory.PassingPerToken * element + 4 * Logits(rows),
        ];
        if (plan.Gold is { } gold && GoldSource.Parse(gold).Folders.FirstOrDefault() is { } folder && !Architectures.IsEncoderFolder(folder))
            passes.Add(Math.Min(sampled * tokens, GoldTokensAtOnce) * new ModelMemory(ModelConfig.Read(folder)).PassingPerToken * element);
        return passes;
    }
}
