using Rer.Engine.Data.Prompts;
using Rer.Engine.Rewards;
using Rer.Engine.Rewards.BuiltIn;

namespace Rer.Engine.Training;

/// <summary>Names of what is recorded at every step.</summary>
public static class Metric
{
#pragma warning disable CS1591 // The names say what the values are; units stand in the comments.
    public const string ProxyMean = "proxy/mean";                   // raw score, mean over the batch
    public const string ProxyStd = "proxy/std";                     // raw score, unbiased
    public const string NormalisedMean = "proxy/normalised_mean";   // after running-moment normalisation and clipping
    public const string NormalisedStd = "proxy/normalised_std";
    public const string Kl = "kl/sequence";                         // nats, summed over a sequence, mean over the batch
    public const string KlCoefficient = "kl/coefficient";           // beta used at this step
    public const string Entropy = "policy/entropy";                 // nats per token
    public const string PolicyLoss = "loss/policy";
    public const string ValueLoss = "loss/value";
    public const string TotalLoss = "loss/total";
    public const string ClipFraction = "policy/clip_fraction";      // [0, 1]
    public const string ValueClipFraction = "value/clip_fraction";
    public const string ApproximateKl = "policy/approx_kl";         // old against new policy, nats per token
    public const string RatioMean = "policy/ratio_mean";
    public const string SkippedMinibatches = "policy/skipped_minibatches"; // over the ratio threshold, count
    public const string ExplainedVariance = "value/explained_variance";
    public const string GradientNorm = "optimizer/gradient_norm";   // mean over the step's updates, before clipping
    // Of the adapter alone and of each loss by itself, value's with its coefficient; in the step's first update, before clipping.
    // Every tenth step, undefined between.
    public const string PolicyGradientNorm = "optimizer/gradient_norm_policy";
    public const string ValueGradientNorm = "optimizer/gradient_norm_value";
    public const string LearningRate = "optimizer/learning_rate";
    public const string LengthMean = "response/length_mean";        // tokens
    public const string LengthMax = "response/length_max";
    public const string EndedWithEos = "response/eos_share";        // [0, 1]
    public const string TokensPerSecond = "speed/tokens_per_second"; // generated tokens over the generate phase
    public const string SecondsGenerate = "seconds/generate";
    public const string SecondsScore = "seconds/score";
    public const string SecondsForward = "seconds/forward";
    public const string SecondsUpdate = "seconds/update";
    public const string SecondsStep = "seconds/step";
    public const string PeakMemory = "memory/peak_bytes";           // resident (CPU) or allocated on the device (CUDA)
#pragma warning restore CS1591

    /// <summary>Batch mean of a feature over the items of one query type: `feature/OE/LI`.</summary>
    public static string Feature(QueryType type, string symbol) => $"feature/{(type == QueryType.OpenEnded ? "OE" : "CE")}/{symbol}";

    /// <summary>Every metric that a run with a design may record; which features it does depends on its data.</summary>
    public static IReadOnlyList<string> Of(RewardDesign design) =>
    [
        .. typeof(Metric).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!),
        .. from type in QueryTypes.All
           from symbol in RewardFeatures.BuiltIn.Select(feature => feature.Symbol)
               .Concat(design.CustomFeatures.Select(feature => feature.Symbol))
           select Feature(type, symbol),
    ];
}
