using Rer.Engine.Gold;
using Rer.Engine.Kernels;
using Rer.Engine.Models;
using Rer.Engine.Models.Adapters;
using Rer.Engine.Models.Architectures;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Runs.Planning;

/// <summary>Bytes of a kind of pass through a model, all its parts together.</summary>
/// <param name="OwnWorkspace">What the threads keep for the next pass of its kind.</param>
/// <param name="SharedWorkspace">What they keep for a pass of any kind: the largest counts.</param>
/// <param name="Passing">What is let go of at its end.</param>
internal readonly record struct PassMemory(double OwnWorkspace, double SharedWorkspace, double Passing)
{
    // As in DecodeBatch and CheckpointGold.
    private const int PromptTokensAtOnce = 16_384, GoldTokensAtOnce = 8192;

    /// <summary>Bytes held by the passes of a run where it holds most: update, trace, reading of prompts, gold.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="config">The policy's shape.</param>
    /// <param name="device">Where it runs.</param>
    /// <param name="type">The policy's type.</param>
    /// <param name="prompt">Tokens of the longest prompt.</param>
    /// <param name="rows">Sequences decoded together.</param>
    /// <param name="sampled">Responses that gold judges together.</param>
    public static double AtPeak(RunPlan plan, ModelConfig config, Device device, ScalarType type, int prompt, double rows, double sampled)
    {
        var (ppo, degree, element) = (plan.Ppo, DataParallel.Degree(device), type == ScalarType.Float32 ? 4.0 : 2.0);
        var (memory, tokens) = (new ModelMemory(config), Math.Min(config.MaxPositions, prompt + (double)ppo.MaxResponseTokens));
        double Logits(double positions) => positions * config.VocabularySize * sizeof(float);

        // Under the head a kernel holds one copy of a block's logits; operators hold what comes of them beside them.
        var kernels = IKernels.For(device, type);
        var simd = kernels is SimdKernels;
        var positionsAtOnce = degree * kernels.HeadPositionsAtOnce(config.VocabularySize);
        double AtOnce(double positions) => (simd ? 1 : 3) * Logits(Math.Min(positions, positionsAtOnce));

        // A pass of the update holds an optimiser step's sequences, or as many mini-batches of them as the budget takes.
        var minibatch = Math.Min(ppo.MiniBatchSize, ppo.BatchSize) * tokens;
        var group = Math.Min(ppo.MiniBatchSize * ppo.GradientAccumulation, ppo.BatchSize) * tokens;
        var update = Math.Clamp(group, minibatch, Math.Max(minibatch, ppo.TokenBudget));
        var trace = Math.Min(ppo.BatchSize * tokens, Math.Max(tokens, ppo.TokenBudget));
        var answered = ppo.MaxResponseTokens / tokens;
        List<PassMemory> passes =
        [
            Updating(memory, plan.Lora, simd, update, element, AtOnce(update * answered)),
            Reading(memory, simd, trace, element, AtOnce(trace * answered)),
            Reading(memory, simd, Math.Min(rows * prompt, PromptTokensAtOnce * degree), element, 4 * Logits(rows)),
        ];
        if (plan.Gold is { } gold && GoldSource.Parse(gold).Folders.FirstOrDefault() is { } folder
            && !ArchitectureRegistry.IsEncoderFolder(folder))
        {
            var judged = Math.Min(sampled * tokens, GoldTokensAtOnce);
            passes.Add(Reading(new ModelMemory(ModelConfig.Read(folder)), simd, judged, element, logits: 0));
        }

        var (most, all) = (passes.Max(pass => pass.Passing), passes.Sum(pass => pass.Passing));
        // The C library's allocator gives back little of what smaller passes took: by measurement about half of it stays.
        if (device.type == DeviceType.CPU) most += (all - most) / 2;
        return passes.Sum(pass => pass.OwnWorkspace) + passes.Max(pass => pass.SharedWorkspace) + most;
    }

    /// <summary>A pass forward and backward.</summary>
    private static PassMemory Updating(ModelMemory model, LoraOptions lora, bool simd, double tokens, double element, double logits)
    {
        var oneOperator = simd && model.HasBlockOperator;
        var kept = tokens * model.KeptPerToken(lora, oneOperator) * element;
        return oneOperator
            ? new(
                tokens * model.GradientWorkspacePerToken * element, tokens * model.SharedWorkspacePerToken * element,
                kept + (tokens * model.StreamPerToken * element) + logits)
            : new(0, 0, kept + (tokens * model.PassingPerToken * element) + logits);
    }

    /// <summary>A pass without a gradient.</summary>
    private static PassMemory Reading(ModelMemory model, bool simd, double tokens, double element, double logits) =>
        simd && model.HasBlockOperator
            ? new(0, tokens * model.WorkspacePerToken * element, (tokens * model.StreamPerToken * element) + logits)
            : new(0, 0, (tokens * model.PassingPerToken * element) + logits);
}
