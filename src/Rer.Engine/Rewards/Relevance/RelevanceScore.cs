namespace Rer.Engine.Rewards.Relevance;

/// <summary>How much a response has to do with its query and with its reference; the scale is the relevance model's.</summary>
/// <param name="ToQuery">Inner product with the query's embedding; null where it is not known.</param>
/// <param name="ToReference">Inner product with the reference's embedding; null without a reference.</param>
/// <param name="Cut">Whether the model read query, reference or response only in part, because it is longer than its context.</param>
public readonly record struct RelevanceScore(double? ToQuery, double? ToReference, bool Cut = false);
