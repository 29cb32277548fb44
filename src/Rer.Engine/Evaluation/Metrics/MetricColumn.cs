using Rer.Engine.Data.Prompts;

namespace Rer.Engine.Evaluation.Metrics;

/// <summary>A metric over one scope: a column of a table, a line of a chart.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Type">The query type whose responses it is computed over; null for all responses.</param>
public sealed record MetricColumn(IEvaluationMetric Metric, QueryType? Type)
{
    /// <summary>How the store, exports and the API write it: `OE_self_bleu`, `length_mean`.</summary>
    public string Name => Type is { } type ? $"{type.ShortCode()}_{Metric.Key}" : Metric.Key;

    /// <summary>How tables head it: `OE Self-BLEU`, `length`.</summary>
    public string Heading => Type is { } type ? $"{type.ShortCode()} {Metric.Title}" : Metric.Title;

    /// <summary>Its value among an evaluation's metrics; NaN where the evaluation does not have it.</summary>
    public double Of(IReadOnlyDictionary<string, double> metrics) => metrics.TryGetValue(Name, out var value) ? value : double.NaN;

    /// <summary>Its value at a checkpoint; NaN where the evaluation does not have it.</summary>
    public double Of(EvaluationReport evaluation) => Of(evaluation.Metrics);
}
