using Rer.Engine.Rewards.Relevance;

namespace Rer.Engine.Rewards;

/// <summary>What factors are scaled by.</summary>
/// <param name="MaxResponseTokens">Most tokens in a response: the longest response's length incentive is about this over 100.</param>
/// <param name="RelevanceCeiling">See <see cref="IRelevanceModel.Ceiling"/>.</param>
public readonly record struct RewardScale(int MaxResponseTokens, double RelevanceCeiling);
