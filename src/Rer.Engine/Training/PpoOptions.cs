using System.Text.Json.Serialization;
using Rer.Engine.Options;
using Rer.Engine.Training.Estimators;

namespace Rer.Engine.Training;

/// <summary>PPO as TRL 0.7.4 runs it, with the defaults of the paper's published run script.</summary>
[OptionSection(DefaultsFromPaper = true)]
public sealed record PpoOptions
{
    /// <summary>PPO steps. Default 10,000 (run script).</summary>
    [Bounds(1, 100_000_000)]
    public int Steps { get; init; } = 10_000;

    /// <summary>
    /// How advantages are estimated: `gae`, with a value function (Schulman et al. 2016), or `rloo`, against the other responses to the
    /// same prompt (Ahmadian et al. 2024). Default gae (TRL).
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public AdvantageEstimator AdvantageEstimator { get; init; }

    /// <summary>Responses sampled for each prompt of a step; 0 is what the estimator asks for: 1 for gae, 4 for rloo. Default 0.</summary>
    [Bounds(0, 1024)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int ResponsesPerPrompt { get; init; }

    /// <summary>Responses per step; several to one prompt count one by one. Default 16 (run script).</summary>
    [Bounds(1, 65_536)]
    public int BatchSize { get; init; } = 16;

    /// <summary>Sequences per forward pass of the update. Default 2 (run script).</summary>
    [Bounds(1, 65_536)]
    public int MiniBatchSize { get; init; } = 2;

    /// <summary>Mini-batches an optimiser step. Default 4 (run script).</summary>
    [Bounds(1, 65_536)]
    public int GradientAccumulation { get; init; } = 4;

    /// <summary>Optimisation epochs per batch. Default 4 (TRL).</summary>
    [Bounds(1, 1000)]
    public int Epochs { get; init; } = 4;

    /// <summary>Adam's learning rate. Default 1e-5 (run script).</summary>
    [Bounds(0, 1, LowOpen = true)]
    public double LearningRate { get; init; } = 1e-5;

    /// <summary>Discount. Default 1 (TRL).</summary>
    [Bounds(0, 1, LowOpen = true)]
    public double Gamma { get; init; } = 1;

    /// <summary>GAE lambda. Default .95 (TRL; Schulman et al. 2016).</summary>
    [Bounds(0, 1)]
    public double Lambda { get; init; } = 0.95;

    /// <summary>Clip range of the policy ratio. Default .2 (TRL; Schulman et al. 2017).</summary>
    [Bounds(0, 1, LowOpen = true)]
    public double ClipRange { get; init; } = 0.2;

    /// <summary>Clip range of the value function. Default .2 (TRL).</summary>
    [Bounds(0, 1e6, LowOpen = true)]
    public double ValueClipRange { get; init; } = 0.2;

    /// <summary>Weight of the value loss. Default 1 (run script).</summary>
    [Bounds(0, 1e6)]
    public double ValueCoefficient { get; init; } = 1;

    /// <summary>
    /// Keep the value head's gradient out of the adapter: the head learns, and the policy moves by the policy's loss alone. Default
    /// false (TRL: both losses move the adapter).
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool DetachValueHead { get; init; }

    /// <summary>
    /// Train the value head alone for this many first PPO steps, so that advantages mean something when the policy begins to move; 0 is
    /// off. Default 0.
    /// </summary>
    [Bounds(0)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int ValueWarmupSteps { get; init; }

    /// <summary>Adam's learning rate for the value head; 0 is that of --learning-rate. Default 0.</summary>
    [Bounds(0, 1)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double ValueLearningRate { get; init; }

    /// <summary>Initial KL coefficient beta. Default .2 (TRL).</summary>
    [Bounds(0, 1e6)]
    public double KlCoefficient { get; init; } = 0.2;

    /// <summary>Adapt beta towards <see cref="KlTarget"/> (Ziegler et al. 2019). Default true (TRL).</summary>
    public bool AdaptiveKl { get; init; } = true;

    /// <summary>KL target, nats per sequence. Default 6 (TRL).</summary>
    [Bounds(0, 1e6, LowOpen = true)]
    public double KlTarget { get; init; } = 6;

    /// <summary>Horizon of the KL controller, in samples. Default 10,000 (TRL).</summary>
    [Bounds(0, 1e12, LowOpen = true)]
    public double KlHorizon { get; init; } = 10_000;

    /// <summary>Normalise scores by their running moments. Default true (run script).</summary>
    public bool NormaliseScores { get; init; } = true;

    /// <summary>Clip normalised scores to plus or minus this; 0 is off. Default 10 (run script).</summary>
    [Bounds(0, 1e6)]
    public double ScoreClip { get; init; } = 10;

    /// <summary>A mini-batch whose mean ratio passes this is skipped and counted. Default 10 (TRL).</summary>
    [Bounds(1, 1e6, LowOpen = true)]
    public double RatioThreshold { get; init; } = 10;

    /// <summary>Clip the gradient's norm to this; 0 is off. Default 0 (TRL).</summary>
    [Bounds(0, 1e6)]
    public double MaxGradientNorm { get; init; }

    /// <summary>Linear warm-up over this many PPO steps, then constant; 0 is off. Default 0.</summary>
    [Bounds(0, 100_000_000)]
    public int WarmupSteps { get; init; }

    /// <summary>Sampling temperature of rollouts. Default 1 (run script).</summary>
    [Bounds(0, 1000, LowOpen = true)]
    public double Temperature { get; init; } = 1;

    /// <summary>Nucleus (top-p) sampling of rollouts. Default 1, off (run script).</summary>
    [Bounds(0, 1, LowOpen = true)]
    public double TopP { get; init; } = 1;

    /// <summary>Top-k of rollouts; 0 is off. Default 0 (run script).</summary>
    [Bounds(0, 10_000_000)]
    public int TopK { get; init; }

    /// <summary>Maximum tokens per response. Default 512 (run script).</summary>
    [Bounds(1, 1_048_576)]
    public int MaxResponseTokens { get; init; } = 512;

    /// <summary>Prompts longer than this are an error before training starts. Default 512.</summary>
    [Bounds(1, 1_048_576)]
    public int MaxPromptTokens { get; init; } = 512;

    /// <summary>Maximum tokens in a forward or backward pass. Default 16,384. Bounds memory; results do not depend on it.</summary>
    [Bounds(1, 1_000_000_000)]
    public int TokenBudget { get; init; } = 16_384;

    /// <summary>Responses for each prompt, the estimator's own number where none was chosen.</summary>
    internal int SampledPerPrompt => ResponsesPerPrompt > 0 ? ResponsesPerPrompt : AdvantageEstimator.Estimator.DefaultResponsesPerPrompt;

    /// <summary>Prompts of a step.</summary>
    internal int PromptsPerStep => BatchSize / SampledPerPrompt;

    /// <summary>Everything that is wrong with these options; empty where nothing is.</summary>
    public IReadOnlyList<PlanError> Validate()
    {
        var errors = Option.CheckBounds(this).ToList();
        if (errors.Count == 0) errors.AddRange(CheckEstimator());
        var update = (long)MiniBatchSize * GradientAccumulation;
        // TRL 0.7.4 asks for the same: a step is a whole number of optimiser updates.
        if (errors.Count == 0 && BatchSize % update != 0)
        {
            errors.Add(new PlanError(
                "batch-size",
                $"{BatchSize}",
                $"is not a multiple of --mini-batch-size times --gradient-accumulation ({MiniBatchSize} x {GradientAccumulation} = "
                    + $"{update})."
                + " The paper uses 16, 2 and 4."));
        }

        return errors;
    }

    private IEnumerable<PlanError> CheckEstimator()
    {
        var estimator = AdvantageEstimator.Estimator;
        if (SampledPerPrompt < estimator.LeastResponsesPerPrompt)
        {
            yield return new PlanError(
                "responses-per-prompt", $"{SampledPerPrompt}",
                $"is too few for {estimator.Key}: it compares at least {estimator.LeastResponsesPerPrompt}.");
        }

        if (BatchSize % SampledPerPrompt != 0)
        {
            yield return new PlanError(
                "batch-size", $"{BatchSize}",
                $"is not a multiple of the {SampledPerPrompt} responses that {estimator.Key} samples for each prompt.");
        }

        if (estimator.UsesValues) yield break;
        var valueOptions = new[]
        {
            ("detach-value-head", DetachValueHead), ("value-warmup-steps", ValueWarmupSteps > 0),
            ("value-learning-rate", ValueLearningRate > 0),
        };
        foreach (var (name, isSet) in valueOptions)
            if (isSet)
                yield return new PlanError(name, "", $"does nothing with {estimator.Key}, which has no value function. Leave it out.");
    }
}
