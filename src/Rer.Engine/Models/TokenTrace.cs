namespace Rer.Engine.Models;

/// <summary>What a policy says of some tokens, one number per token, float32.</summary>
/// <param name="LogProbs">Log-probability of the token under the policy itself, untempered and uncut; nats.</param>
/// <param name="Entropies">Entropy of the distribution that it was drawn from, likewise; nats.</param>
/// <param name="Values">Value head at the position that predicts the token; 0 where the model has none.</param>
public sealed record TokenTrace(float[] LogProbs, float[] Entropies, float[] Values)
{
    /// <summary>The tokens of all, one after another.</summary>
    public static TokenTrace Concat(IReadOnlyList<TokenTrace> traces) => new(
        [.. traces.SelectMany(trace => trace.LogProbs)], [.. traces.SelectMany(trace => trace.Entropies)],
        [.. traces.SelectMany(trace => trace.Values)]);
}
