using System.Text.Json.Serialization;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation.Metrics;
using Rer.Engine.Evaluation.Statistics;

namespace Rer.Engine.Evaluation;

/// <summary>One checkpoint's evaluation: proxy and gold over the evaluation queries, and every metric of the responses.</summary>
public sealed record EvaluationReport
{
    /// <summary>PPO steps completed; 0 is the untrained policy.</summary>
    public required int Step { get; init; }

    /// <summary>The run's own design, over all queries.</summary>
    public required Interval Proxy { get; init; }

    /// <summary>The gold reward, over all queries.</summary>
    public required Interval Gold { get; init; }

    /// <summary>The same by query type; types without a query are absent.</summary>
    public required IReadOnlyDictionary<QueryType, TypeScores> ByType { get; init; }

    /// <summary>Mean proxy of every preset design over the same responses, by preset name.</summary>
    public required IReadOnlyDictionary<string, double> PresetProxies { get; init; }

    /// <summary>Mean proxy of each query, in evaluation order; with <see cref="GoldByQuery"/> for paired intervals.</summary>
    public required double[] ProxyByQuery { get; init; }

    /// <summary>Mean gold reward of each query, in evaluation order.</summary>
    public required double[] GoldByQuery { get; init; }

    /// <summary>Query type of each query, in evaluation order; null where the set has none.</summary>
    public required QueryType?[] Types { get; init; }

    /// <summary>
    /// Metrics of the responses by <see cref="MetricColumn.Name"/>, such as `OE_self_bleu`; see <see cref="EvaluationMetrics"/>.
    /// </summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>Responses that gold or relevance read only in part; null in an evaluation of an earlier version.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CutTexts? Cuts { get; init; }

    /// <summary>Wall-clock seconds the evaluation took.</summary>
    public required double Seconds { get; init; }
}

/// <summary>One query type's rewards at one checkpoint; its metrics are in <see cref="EvaluationReport.Metrics"/>.</summary>
/// <param name="Proxy">The run's own design.</param>
/// <param name="Gold">The gold reward.</param>
public sealed record TypeScores(Interval Proxy, Interval Gold)
{
    /// <summary>Self-BLEU as an earlier version wrote it, here, until <see cref="EarlierEvaluation"/> has moved it.</summary>
    internal double? Earlier { get; set; }
}
