using Rer.Engine.Data.Prompts;

namespace Rer.Engine.Evaluation.Metrics;

/// <summary>The metrics that every evaluation has besides the proxy and the gold reward.</summary>
public static class EvaluationMetrics
{
    /// <summary>The metrics, in the order in which tables show them.</summary>
    public static IReadOnlyList<IEvaluationMetric> All { get; } =
    [
        new SelfBleu(),
        new Distinct2(),
        new ResponseLength(),
        new EosShare(),
    ];

    /// <summary>Every metric of every scope, in the order of <see cref="All"/>, then of query types.</summary>
    public static IReadOnlyList<MetricColumn> Columns { get; } =
    [
        .. All.SelectMany(metric => metric.Scope == MetricScope.AllQueries
            ? [new MetricColumn(metric, null)]
            : QueryTypes.All.Select(type => new MetricColumn(metric, type))),
    ];

    /// <summary>
    /// The columns that some evaluation has: one of an earlier version may lack a metric, one without query types has fewer.
    /// </summary>
    /// <param name="names">The names (<see cref="MetricColumn.Name"/>) of their metrics, as often as they come.</param>
    public static IReadOnlyList<MetricColumn> Known(IEnumerable<string> names)
    {
        var known = names.ToHashSet();
        return [.. Columns.Where(column => known.Contains(column.Name))];
    }

    /// <summary>The same of whole evaluations.</summary>
    public static IReadOnlyList<MetricColumn> Known(IEnumerable<EvaluationReport> evaluations) =>
        Known(evaluations.SelectMany(evaluation => evaluation.Metrics.Keys));

    /// <summary>Computes every metric, by <see cref="MetricColumn.Name"/>; query types without a response are absent.</summary>
    /// <param name="responses">A checkpoint's responses, at least one, those to the same query side by side.</param>
    internal static IReadOnlyDictionary<string, double> Compute(IReadOnlyList<EvaluationSample> responses)
    {
        var values = new Dictionary<string, double>();
        foreach (var column in Columns)
        {
            IReadOnlyList<EvaluationSample> scope =
                column.Type is null ? responses : [.. responses.Where(rollout => rollout.QueryType == column.Type)];
            if (scope.Count > 0) values[column.Name] = column.Metric.Compute(scope);
        }

        return values;
    }
}
