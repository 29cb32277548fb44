using Rer.Engine.Training.Estimators;

namespace Rer.Engine.Training;

/// <summary>
/// PPO's clipped objective (Schulman et al. 2017, equation 7) with a clipped value loss, token by token, and its gradient, written
/// out. All arrays are flat over a batch, `[tokens]` (see <see cref="RolloutBatch"/>); each token is computed where it lies, so parts of
/// a batch may be computed at a time.
/// </summary>
/// <param name="before">What the policy said before the update.</param>
/// <param name="advantages">What the update aims at.</param>
/// <param name="options">Clip ranges, ratio threshold, weight of the value loss.</param>
internal sealed class PpoObjective(PolicyTrace before, Advantages advantages, PpoOptions options)
{
    /// <summary>`logp_new - logp`.</summary>
    public float[] LogRatio { get; } = new float[advantages.Applied.Length];

    /// <summary>`exp(logp_new - logp)`.</summary>
    public float[] Ratio { get; } = new float[advantages.Applied.Length];

    /// <summary>`max(-A ratio, -A clip(ratio, 1 ± clip))`.</summary>
    public float[] PolicyLoss { get; } = new float[advantages.Applied.Length];

    /// <summary>`½ max((v - R)², (clip(v, v_old ± value clip) - R)²)`.</summary>
    public float[] ValueLoss { get; } = new float[advantages.Applied.Length];

    /// <summary>Whether the clipped branch is the larger: then nothing moves the policy.</summary>
    public bool[] PolicyClipped { get; } = new bool[advantages.Applied.Length];

    /// <summary>Whether the clipped branch is the larger: then nothing moves the value.</summary>
    public bool[] ValueClipped { get; } = new bool[advantages.Applied.Length];

    /// <summary>`d PolicyLoss / d logp_new`: `-A ratio`, or 0 where clipped.</summary>
    public float[] LogProbGradient { get; } = new float[advantages.Applied.Length];

    /// <summary>`d (c ValueLoss) / dv`, c the weight of the value loss: `c (v - R)`, or 0 where clipped.</summary>
    public float[] ValueGradient { get; } = new float[advantages.Applied.Length];

    /// <summary>Fills in some tokens.</summary>
    /// <param name="positions">Where in the batch they lie.</param>
    /// <param name="logProbs">Of each under the policy as it is now; nats.</param>
    /// <param name="values">The value function as it is now, where each is predicted; empty where there is none.</param>
    public void Compute(ReadOnlySpan<int> positions, ReadOnlySpan<float> logProbs, ReadOnlySpan<float> values)
    {
        var (clip, valueClip, valueWeight) = ((float)options.ClipRange, (float)options.ValueClipRange, (float)options.ValueCoefficient);
        for (var i = 0; i < positions.Length; i++)
        {
            var t = positions[i];
            var advantage = advantages.Applied[t];
            var logRatio = logProbs[i] - before.LogProbs[t];
            var ratio = MathF.Exp(logRatio);
            var (policy, clippedPolicy) = (-advantage * ratio, -advantage * Math.Clamp(ratio, 1 - clip, 1 + clip));
            (LogRatio[t], Ratio[t]) = (logRatio, ratio);
            PolicyLoss[t] = Math.Max(policy, clippedPolicy);
            PolicyClipped[t] = clippedPolicy > policy;
            LogProbGradient[t] = PolicyClipped[t] ? 0 : policy;

            if (advantages.Returns is not { } returns) continue;
            var (value, valueBefore, target) = (values[i], before.Values[t], returns[t]);
            var error = value - target;
            // Not valueBefore + clamp(value - valueBefore): its rounding would count values within the range as clipped.
            var clippedError = Math.Max(Math.Min(value, valueBefore + valueClip), valueBefore - valueClip) - target;
            ValueLoss[t] = Math.Max(error * error, clippedError * clippedError) / 2;
            ValueClipped[t] = clippedError * clippedError > error * error;
            ValueGradient[t] = ValueClipped[t] ? 0 : valueWeight * error;
        }
    }

    /// <summary>Means over one mini-batch. Over the ratio threshold its loss is zeroed, as TRL does.</summary>
    /// <param name="positions">Flat indices of its tokens.</param>
    public MinibatchReport Summarise(int[] positions)
    {
        double Mean(float[] terms) => positions.Sum(position => (double)terms[position]) / positions.Length;
        double Share(bool[] terms) => (double)positions.Count(position => terms[position]) / positions.Length;

        var squares = positions.Sum(position => (double)LogRatio[position] * LogRatio[position]);
        var ratio = Mean(Ratio);
        var skipped = ratio > options.RatioThreshold;
        var (policy, value) = skipped ? (0, 0) : (Mean(PolicyLoss), Mean(ValueLoss));
        return new MinibatchReport(
            policy, value, policy + options.ValueCoefficient * value, ratio, Share(PolicyClipped), Share(ValueClipped),
            0.5 * squares / positions.Length, skipped);
    }
}
