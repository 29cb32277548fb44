using Rer.Engine.Evaluation.Metrics;

namespace Rer.Web.Compare;

/// <summary>A measure that is drawn for every design, on one axis along the row.</summary>
/// <param name="Key">Names it in a page's address.</param>
/// <param name="Metric">The metric that is drawn by query type; null for the rewards.</param>
public sealed record CompareRow(string Key, IEvaluationMetric? Metric = null)
{
    /// <summary>Proxy and gold.</summary>
    public static CompareRow ProxyAndGold { get; } = new("ProxyAndGold");

    /// <summary>Gold by query type.</summary>
    public static CompareRow GoldByType { get; } = new("GoldByType");

    /// <summary>Every row: the rewards, then each metric that is computed by query type.</summary>
    public static IReadOnlyList<CompareRow> All { get; } =
    [
        ProxyAndGold, GoldByType,
        .. EvaluationMetrics.All.Where(metric => metric.Scope == MetricScope.QueryTypes)
            .Select(metric => new CompareRow(metric.Key, metric)),
    ];
}
