using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation.Metrics;
using Rer.Engine.Rewards;
using Rer.Engine.Runs;
using Rer.Web.Charts;

namespace Rer.Web.Formatting;

/// <summary>What things are called on a page.</summary>
public static class Names
{
    /// <summary>`Open-ended` or `Closed-ended`.</summary>
    public static string Of(QueryType type) => type == QueryType.OpenEnded ? "Open-ended" : "Closed-ended";

    /// <summary>The query type as data files write it.</summary>
    public static string InFile(QueryType type) => type == QueryType.OpenEnded ? "OPENENDED" : "CONSTRAINED";

    /// <summary>The series' key in charts and style sheets.</summary>
    public static string Series(QueryType type) => type == QueryType.OpenEnded ? "oe" : "ce";

    /// <summary>A run's state in lower case.</summary>
    public static string Of(RunState state) => state.ToString().ToLowerInvariant();

    /// <summary>A metric's title, as it begins a heading.</summary>
    public static string Of(IEvaluationMetric metric) => string.Concat(metric.Title[..1].ToUpperInvariant(), metric.Title.AsSpan(1));

    /// <summary>A metric as a column of numbers: `Self-BLEU OE`, `Length, tokens`.</summary>
    public static NumbersColumn Column(MetricColumn column)
    {
        var title = column.Type is { } type ? $"{Of(column.Metric)} {type.ShortCode()}" : Of(column.Metric);
        return new NumbersColumn(column.Metric.Unit.Length > 0 ? $"{title}, {column.Metric.Unit}" : title, column.Metric.Decimals);
    }

    /// <summary>What a feature is, as it stands beside its symbol on hover.</summary>
    public static string Tip(IRewardFeature feature) =>
        $"{feature.Name}{(feature.Bounds == FeatureBounds.None ? "" : $", {feature.Bounds}")}: {feature.Definition}";

    /// <summary>A title as a part of a file's name: lower case, every other sign a hyphen.</summary>
    public static string OfFile(string title) =>
        string.Join('-',
            new string([.. title.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' ')])
                .Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The last part of a path: what a model or data set is called.</summary>
    public static string OfPath(string path) =>
        Path.GetFileNameWithoutExtension(path.TrimEnd('/', '\\')) is { Length: > 0 } name ? name : path;
}
