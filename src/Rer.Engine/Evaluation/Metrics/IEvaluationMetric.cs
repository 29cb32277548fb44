using Rer.Engine.Data.Prompts;

namespace Rer.Engine.Evaluation.Metrics;

/// <summary>
/// One figure of a checkpoint's responses. Tables, charts, exports, the command line and the API show every metric of
/// <see cref="EvaluationMetrics.All"/>: a new one is a class and a line there.
/// </summary>
/// <remarks>
/// The proxy and the gold reward are no metrics. The verdict compares checkpoints query by query, so an evaluation keeps both for every
/// query, with an interval; see <see cref="EvaluationReport"/>.
/// </remarks>
public interface IEvaluationMetric
{
    /// <summary>How the store, exports and the API write it: `self_bleu`. Lower case, and never changed once evaluations have it.</summary>
    string Key { get; }

    /// <summary>What people call it, as within a sentence: `Self-BLEU`, `length`.</summary>
    string Title { get; }

    /// <summary>What it says of the responses and how it is computed, in a sentence or two.</summary>
    string Meaning { get; }

    /// <summary>Its unit: `tokens`; empty for a pure number.</summary>
    string Unit => "";

    /// <summary>Decimals that are worth reading.</summary>
    int Decimals => 3;

    /// <summary>Which responses it is computed over.</summary>
    MetricScope Scope { get; }

    /// <summary>Which way is better for responses to a query type, or to any query where it is null.</summary>
    Better BetterFor(QueryType? type) => Better.Neither;

    /// <summary>The figure; NaN where it is not defined for these responses.</summary>
    /// <param name="responses">All responses of the scope, at least one, those to the same query side by side.</param>
    double Compute(IReadOnlyList<EvaluationSample> responses);
}

/// <summary>Which responses a metric is computed over.</summary>
public enum MetricScope
{
    /// <summary>All responses of a checkpoint.</summary>
    AllQueries,

    /// <summary>The responses to each query type by themselves.</summary>
    QueryTypes,
}

/// <summary>Which way of a metric is better.</summary>
public enum Better
{
    /// <summary>It describes, and judges nothing.</summary>
    Neither,

    /// <summary>A high value.</summary>
    High,

    /// <summary>A low value.</summary>
    Low,
}
