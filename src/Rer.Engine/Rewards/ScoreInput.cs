using Rer.Engine.Data;

namespace Rer.Engine.Rewards;

/// <summary>A response to score, with the prompt-set row it answers.</summary>
/// <param name="Prompt">The row: query, reference, query type.</param>
/// <param name="Response">The policy's answer as generated, not cut.</param>
public readonly record struct ScoreInput(PromptItem Prompt, string Response);
