namespace Rer.Engine.Evaluation.Metrics;

/// <summary>Share of responses that the policy ended by itself, in [0, 1]; the others were cut at the longest length.</summary>
internal sealed class EosShare : IEvaluationMetric
{
    /// <inheritdoc/>
    public string Key => "eos_share";

    /// <inheritdoc/>
    public string Title => "EOS";

    /// <inheritdoc/>
    public string Meaning => "Share of responses that ended with EOS; the others were cut at the maximum length.";

    /// <inheritdoc/>
    public int Decimals => 2;

    /// <inheritdoc/>
    public MetricScope Scope => MetricScope.AllQueries;

    /// <inheritdoc/>
    public double Compute(IReadOnlyList<EvaluationSample> responses) =>
        responses.Count(rollout => rollout.EndedWithEos) / (double)responses.Count;
}
