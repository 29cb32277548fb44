namespace Rer.Engine.Training.Estimators;

/// <summary>
/// Generalised advantage estimation (Schulman et al. 2016), sequence by sequence, with a value function:
/// `delta_t = r_t + gamma V_{t+1} - V_t`, `A_t = delta_t + gamma lambda A_{t+1}`; whitened over the batch, as TRL does.
/// </summary>
internal sealed class GeneralisedAdvantage : IAdvantageEstimator
{
    /// <inheritdoc/>
    public string Key => "gae";

    /// <inheritdoc/>
    public string Title => "generalised advantage estimation";

    /// <inheritdoc/>
    public bool UsesValues => true;

    /// <inheritdoc/>
    public int DefaultResponsesPerPrompt => 1;

    /// <inheritdoc/>
    public int LeastResponsesPerPrompt => 1;

    /// <inheritdoc/>
    public Advantages Estimate(EstimatorInput batch)
    {
        var (rollouts, values, options) = (batch.Rollouts, batch.Trace.Values, batch.Options);
        var rewards = Advantages.TokenRewards(batch);
        var (advantages, returns) = (new float[rollouts.Tokens], new float[rollouts.Tokens]);
        for (var i = 0; i < rollouts.Count; i++)
        {
            var (start, length) = rollouts.Span(i).GetOffsetAndLength(rollouts.Tokens);
            double advantage = 0, nextValue = 0;
            for (var t = start + length - 1; t >= start; t--)
            {
                double value = values[t];
                var delta = rewards[t] + options.Gamma * nextValue - value;
                advantage = delta + options.Gamma * options.Lambda * advantage;
                advantages[t] = (float)advantage;
                returns[t] = (float)(advantage + value);
                nextValue = value;
            }
        }

        return new Advantages(Advantages.Whiten(advantages), advantages, rewards) { Returns = returns };
    }
}
