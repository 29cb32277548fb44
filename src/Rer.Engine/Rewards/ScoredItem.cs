using Rer.Engine.Data;

namespace Rer.Engine.Rewards;

/// <summary>What a feature sees of one response.</summary>
public sealed record ScoredItem
{
    /// <summary>The raw query: template, roles and scaffolding removed.</summary>
    public required string Query { get; init; }

    /// <summary>A known good answer, where the data set has one.</summary>
    public string? Reference { get; init; }

    /// <summary>The query's type, where the data set has one.</summary>
    public QueryType? QueryType { get; init; }

    /// <summary>The response as generated; relevance sees this one.</summary>
    public required string Response { get; init; }

    /// <summary>Words of the response cut at its first stop string; the length incentive and the repetition penalty count these.</summary>
    public required IReadOnlyList<string> Words { get; init; }

    /// <summary>Relevance of the response to the query and to the reference; null where no relevance model runs.</summary>
    public Relevance? Relevance { get; init; }
}
