using Rer.Engine.Data.Prompts;

namespace Rer.Engine.Storage;

/// <summary>Which rollouts of a run to read; what is null or empty does not restrict.</summary>
public sealed record RolloutQuery
{
    /// <summary>Most rows one query returns, whatever <see cref="Limit"/> says.</summary>
    public const int MaxLimit = 5_000;

    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>Only this checkpoint.</summary>
    public int? Step { get; init; }

    /// <summary>Only this query type.</summary>
    public QueryType? QueryType { get; init; }

    /// <summary>Only this query, by its index in the evaluation set.</summary>
    public int? Item { get; init; }

    /// <summary>Only this one of the k responses.</summary>
    public int? Sample { get; init; }

    /// <summary>Only those that the policy ended itself, or only those that were cut off.</summary>
    public bool? EndedWithEos { get; init; }

    /// <summary>Only where the query or the response contains this text; ASCII letters match in either case.</summary>
    public string? Text { get; init; }

    /// <summary>The order.</summary>
    public RolloutSort Sort { get; init; }

    /// <summary>Highest first.</summary>
    public bool Descending { get; init; }

    /// <summary>Rows to skip.</summary>
    public int Offset { get; init; }

    /// <summary>Rows to return, at most <see cref="MaxLimit"/>.</summary>
    public int Limit { get; init; } = 100;
}

/// <summary>How rollouts are ordered.</summary>
public enum RolloutSort
{
    /// <summary>By step, query, sample.</summary>
    Item,

    /// <summary>By proxy reward.</summary>
    Proxy,

    /// <summary>By gold reward.</summary>
    Gold,

    /// <summary>By response length in tokens.</summary>
    Length,

    /// <summary>By how far apart the proxy's and the gold's rank among the step's rollouts are.</summary>
    Disagreement,
}
