namespace Rer.Engine.Evaluation.Metrics;

/// <summary>Mean response length in the policy's tokens, EOS included.</summary>
internal sealed class ResponseLength : IEvaluationMetric
{
    /// <inheritdoc/>
    public string Key => "length_mean";

    /// <inheritdoc/>
    public string Title => "length";

    /// <inheritdoc/>
    public string Meaning => "Mean length of the responses, in the policy's tokens.";

    /// <inheritdoc/>
    public string Unit => "tokens";

    /// <inheritdoc/>
    public int Decimals => 1;

    /// <inheritdoc/>
    public MetricScope Scope => MetricScope.AllQueries;

    /// <inheritdoc/>
    public double Compute(IReadOnlyList<EvaluationSample> responses) => responses.Average(rollout => rollout.Tokens);
}
