using Rer.Engine.Data.Prompts;
using Rer.Engine.Rewards.Relevance;

namespace Rer.Engine.Rewards;

/// <summary>What features and relevance models see of one response.</summary>
public sealed record ScoredItem
{
    /// <summary>The prompt-set row that the response answers: reference, query type, precomputed relevance.</summary>
    public required PromptItem Prompt { get; init; }

    /// <summary>The raw query: template, roles and scaffolding removed.</summary>
    public required string Query { get; init; }

    /// <summary>The response as generated; relevance sees this one.</summary>
    public required string Response { get; init; }

    /// <summary>The response cut at its first stop string; features of the user's own count in this one.</summary>
    public string Cut { get => field ?? Response; init; }

    /// <summary>Words of the response cut at its first stop string; the length incentive and the repetition penalty count these.</summary>
    public required IReadOnlyList<string> Words { get; init; }

    /// <summary>Relevance of the response; not measured yet, or no model to measure it, where nothing is known.</summary>
    public RelevanceScore Relevance { get; init; }
}
