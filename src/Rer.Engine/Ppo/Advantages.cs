namespace Rer.Engine.Ppo;

/// <summary>What an update aims at, flat over the response tokens of a batch (see <see cref="Rollouts"/>).</summary>
/// <param name="Whitened">Advantages, whitened over the whole batch.</param>
/// <param name="Raw">Advantages as generalised advantage estimation gives them.</param>
/// <param name="Returns">Raw advantages plus values.</param>
/// <param name="Rewards">Token rewards: KL penalty, and the score on the last token.</param>
public sealed record Advantages(float[] Whitened, float[] Raw, float[] Returns, float[] Rewards)
{
    private const double WhiteningEpsilon = 1e-8;

    /// <summary>
    /// Token rewards, then generalised advantage estimation (Schulman et al. 2016), sequence by sequence:
    /// `r_t = -beta (logp_t - logp_ref_t)`, plus the score at the last token;
    /// `delta_t = r_t + gamma V_{t+1} - V_t`, `A_t = delta_t + gamma lambda A_{t+1}`.
    /// </summary>
    /// <param name="rollouts">The batch.</param>
    /// <param name="trace">Log-probs, reference log-probs and values before the update.</param>
    /// <param name="scores">Normalised score of each sequence.</param>
    /// <param name="klCoefficient">Beta.</param>
    /// <param name="options">Gamma and lambda.</param>
    public static Advantages Compute(
        Rollouts rollouts, PolicyTrace trace, IReadOnlyList<double> scores, double klCoefficient, PpoOptions options)
    {
        var rewards = new float[rollouts.Tokens];
        var advantages = new float[rollouts.Tokens];
        var returns = new float[rollouts.Tokens];
        for (var i = 0; i < rollouts.Count; i++)
        {
            var (start, length) = rollouts.Span(i).GetOffsetAndLength(rollouts.Tokens);
            var end = start + length;
            for (var t = start; t < end; t++) rewards[t] = (float)(-klCoefficient * (trace.LogProbs[t] - trace.ReferenceLogProbs[t]));
            rewards[end - 1] += (float)scores[i];

            double advantage = 0, nextValue = 0;
            for (var t = end - 1; t >= start; t--)
            {
                double value = trace.Values[t];
                double delta = rewards[t] + options.Gamma * nextValue - value;
                advantage = delta + options.Gamma * options.Lambda * advantage;
                advantages[t] = (float)advantage;
                returns[t] = (float)(advantage + value);
                nextValue = value;
            }
        }

        return new Advantages(Whiten(advantages), advantages, returns, rewards);
    }

    /// <summary>`(x - mean) * rsqrt(var + 1e-8)` with the unbiased variance.</summary>
    /// <param name="values">At least two values; a single one has no variance and becomes 0.</param>
    internal static float[] Whiten(float[] values)
    {
        var mean = values.Average(v => (double)v);
        var variance = values.Length > 1 ? values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1) : 0;
        var scale = 1 / Math.Sqrt(variance + WhiteningEpsilon);
        return Array.ConvertAll(values, v => (float)((v - mean) * scale));
    }
}
