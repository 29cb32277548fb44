namespace Rer.Engine.Training.Estimators;

/// <summary>
/// REINFORCE leave-one-out (Kool et al. 2019; Ahmadian et al. 2024, equation 9): a response is measured against the mean of the others to
/// its prompt, `A_i = R_i - sum_{j != i} R_j / (k - 1)`, with `R_i` the sum of the response's token rewards. Every token of a response has
/// the same advantage, no value function is learned and nothing is whitened.
/// </summary>
internal sealed class LeaveOneOut : IAdvantageEstimator
{
    /// <summary>
    /// Standard deviation of `R` among the responses to a prompt, mean over the prompts: at 0 there is nothing to learn from.
    /// </summary>
    public const string SpreadMetric = "rloo/spread_within_prompt";

    /// <inheritdoc/>
    public string Key => "rloo";

    /// <inheritdoc/>
    public string Title => "leave-one-out";

    /// <inheritdoc/>
    public bool UsesValues => false;

    /// <inheritdoc/>
    public int DefaultResponsesPerPrompt => 4;

    /// <inheritdoc/>
    public int LeastResponsesPerPrompt => 2;

    /// <inheritdoc/>
    public Advantages Estimate(EstimatorInput batch)
    {
        var rollouts = batch.Rollouts;
        var rewards = Advantages.TokenRewards(batch);
        var advantages = new float[rollouts.Tokens];
        var spreads = new List<double>();
        foreach (var responses in Enumerable.Range(0, rollouts.Count).Chunk(batch.ResponsesPerPrompt))
        {
            var totals = Array.ConvertAll(responses, i => rewards[rollouts.Span(i)].Sum(reward => (double)reward));
            var (sum, others) = (totals.Sum(), totals.Length - 1);
            var mean = sum / totals.Length;
            spreads.Add(Math.Sqrt(totals.Sum(total => (total - mean) * (total - mean)) / others));
            foreach (var (i, total) in responses.Zip(totals))
                advantages.AsSpan(rollouts.Span(i)).Fill((float)(total - (sum - total) / others));
        }

        return new Advantages(advantages, advantages, rewards)
        {
            Metrics = new Dictionary<string, double> { [SpreadMetric] = spreads.Average() },
        };
    }
}
