using Rer.Engine.Gold;
using Rer.Engine.Kernels;
using Rer.Engine.Models;
using Rer.Engine.Models.Architectures;
using Rer.Engine.Models.Weights;
using Rer.Engine.Runs.Session;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Runs.Planning;

/// <summary>What a run will take: memory from the models' shapes, time from steps that were measured.</summary>
/// <param name="Parts">Memory by purpose, largest first.</param>
/// <param name="Timing">Of a step and an evaluation; null where none was measured.</param>
/// <param name="Evaluations">Evaluations in all, that of step 0 included.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="CheckpointBytes">Disk that the checkpoints take.</param>
/// <remarks>
/// Said and measured for the playground's plan with one policy or another, in MiB, on two CPU cores; measured is the peak of the
/// process's resident set. Nothing but what the program takes by itself comes from a measurement of the first.
/// <list type="table">
/// <listheader><term>policy: parameters, hidden size, layers, vocabulary</term><description>said, measured</description></listheader>
/// <item><term>the playground's Llama: 1 M, 128, 4, 1,472</term><description>426, 412</description></item>
/// <item><term>Llama: .2 M, 64, 2, 1,472, 32 queries</term><description>370, 360</description></item>
/// <item><term>Llama, 2 of 6 heads for keys: 16 M, 384, 6, 8,000</term><description>639, 658</description></item>
/// <item><term>Llama: 42 M, 512, 8, 32,000, 32 queries</term><description>1187, 1222</description></item>
/// <item><term>GPT-2: 16 M, 384, 8, 5,000</term><description>999, 1094; with 32 queries 1058</description></item>
/// </list>
/// </remarks>
public sealed record RunEstimate(
    IReadOnlyList<MemoryPart> Parts, RunTiming? Timing, int Evaluations, int Steps, double CheckpointBytes)
{
    // The program with its libraries, one model loaded: measured on the CPU, where it counts; a GPU's peak is that of its tensors.
    private const double ProgramBytes = 270 * 1024 * 1024;

    // As in TextGenerator.
    private const int DecodedRows = 128;

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
    /// <param name="longestPrompt">Tokens of the longest prompt; null takes a measurement's, and where there is none what the plan
    /// allows.</param>
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
        var queries =
            plan.Evaluation.Queries > 0 ? Math.Min(plan.Evaluation.BatchSize, plan.Evaluation.Queries) : plan.Evaluation.BatchSize;
        var sampled = queries * (double)plan.Evaluation.Responses;
        var evaluated = Math.Min(DecodedRows, sampled);
        var gold = plan.Gold is { } source ? GoldSource.Parse(source).Folders.ToArray() : [];
        List<MemoryPart> parts =
        [
            new("Policy and reference, one backbone", Elements(plan.Policy) * element),
            new("KV caches of training and evaluation", memory.CachePerToken * (trained + evaluated) * tokens * element),
            new("Activations and logits", PassMemory.AtPeak(plan, config, device, type, prompt, Math.Max(trained, evaluated), sampled)),
            // Weight, gradient and Adam's two moments, in single precision.
            new("Adapter, value head, optimiser", (memory.AdapterElements(plan.Lora) + config.HiddenSize + 1) * 16.0),
        ];
        if (type == ScalarType.Float32)
            parts.Add(new("Layers with the adapter folded in, for generation", memory.FoldedElements(plan.Lora) * element));
        var packed = PackedElements(memory, device, type, withHead: true) + gold.Sum(folder => PackedElements(folder, plan, device));
        if (packed > 0) parts.Add(new("Weights packed for products", packed * sizeof(float)));
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
        if (ArchitectureRegistry.IsEncoderFolder(folder)) return 4;
        return (ComputeDevice.TypeNamed(plan.DType) ?? ModelConfig.Read(folder).TypeOn(device.type)) == ScalarType.Float32 ? 4 : 2;
    }

    private static double PackedElements(ModelMemory memory, Device device, ScalarType type, bool withHead) =>
        IKernels.For(device, type) is SimdKernels ? memory.PackedElements(withHead) : 0;

    private static double PackedElements(string folder, RunPlan plan, Device device)
    {
        if (ArchitectureRegistry.IsEncoderFolder(folder)) return 0;
        var type = GoldElement(folder, plan, device) == 4 ? ScalarType.Float32 : ScalarType.BFloat16;
        return PackedElements(new ModelMemory(ModelConfig.Read(folder)), device, type, withHead: false);
    }
}

/// <summary>Memory that one purpose takes.</summary>
/// <param name="Name">What for.</param>
/// <param name="Bytes">How much.</param>
public sealed record MemoryPart(string Name, double Bytes);
