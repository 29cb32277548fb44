namespace Rer.Engine.Ppo;

/// <summary>What the models say of a batch before the update, flat over its response tokens (see <see cref="Rollouts"/>).</summary>
/// <param name="LogProbs">Log-prob of each response token under the policy, nats.</param>
/// <param name="ReferenceLogProbs">The same under the reference: the backbone without its adapter.</param>
/// <param name="Values">Value head at the position that predicts the token.</param>
/// <param name="Entropies">Entropy of the policy's next-token distribution there, nats.</param>
public sealed record PolicyTrace(float[] LogProbs, float[] ReferenceLogProbs, float[] Values, float[] Entropies)
{
    /// <summary>KL of the policy from the reference: log-prob differences summed over a sequence, mean over the batch; nats.</summary>
    public double SequenceKl(Rollouts rollouts)
    {
        double sum = 0;
        for (var t = 0; t < LogProbs.Length; t++) sum += LogProbs[t] - ReferenceLogProbs[t];
        return sum / rollouts.Count;
    }
}
