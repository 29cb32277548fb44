namespace Rer.Engine.Training.Estimators;

/// <summary>What an update aims at, flat over the response tokens of a batch (see <see cref="RolloutBatch"/>), `[tokens]`.</summary>
/// <param name="Applied">The advantages that the objective uses.</param>
/// <param name="Raw">The same before they were whitened; the same array where they are not.</param>
/// <param name="Rewards">Token rewards: KL penalty, and the score on the last token.</param>
public sealed record Advantages(float[] Applied, float[] Raw, float[] Rewards)
{
    private const double WhiteningEpsilon = 1e-8;

    /// <summary>What the value function should have said; null where the estimator has none.</summary>
    public float[]? Returns { get; init; }

    /// <summary>What the estimator tells of itself, by the names of its metrics.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>`r_t = -beta (logp_t - logp_ref_t)`, plus the score at a sequence's last token.</summary>
    /// <param name="batch">The batch and what is known of it before the update.</param>
    public static float[] TokenRewards(EstimatorInput batch)
    {
        var (rollouts, trace) = (batch.Rollouts, batch.Trace);
        var rewards = new float[rollouts.Tokens];
        for (var t = 0; t < rewards.Length; t++)
            rewards[t] = (float)(-batch.KlCoefficient * (trace.LogProbs[t] - trace.ReferenceLogProbs[t]));
        for (var i = 0; i < rollouts.Count; i++) rewards[rollouts.Span(i).End.Value - 1] += (float)batch.Scores[i];
        return rewards;
    }

    /// <summary>`(x - mean) * rsqrt(var + 1e-8)` with the unbiased variance.</summary>
    /// <param name="values">At least two values; a single one has no variance and becomes 0.</param>
    public static float[] Whiten(float[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var mean = values.Average(v => (double)v);
        var variance = values.Length > 1 ? values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1) : 0;
        var scale = 1 / Math.Sqrt(variance + WhiteningEpsilon);
        return Array.ConvertAll(values, v => (float)((v - mean) * scale));
    }
}
