using Rer.Engine.Models;

namespace Rer.Engine.Training;

/// <summary>What the models say of a batch before the update, flat over its response tokens (see <see cref="RolloutBatch"/>).</summary>
/// <param name="Policy">What the policy says.</param>
/// <param name="ReferenceLogProbs">Log-probs of the tokens under the reference: the backbone without its adapter.</param>
public sealed record PolicyTrace(TokenTrace Policy, float[] ReferenceLogProbs)
{
    /// <summary>Log-probs of the tokens under the policy, nats.</summary>
    public float[] LogProbs => Policy.LogProbs;

    /// <summary>Value head at the positions that predict the tokens.</summary>
    public float[] Values => Policy.Values;

    /// <summary>KL of the policy from the reference: log-prob differences summed over a sequence, mean over the batch; nats.</summary>
    public double SequenceKl(RolloutBatch rollouts)
    {
        double sum = 0;
        for (var t = 0; t < LogProbs.Length; t++) sum += LogProbs[t] - ReferenceLogProbs[t];
        return sum / rollouts.Count;
    }
}
