namespace Rer.Web.Api;

/// <summary>A response's reward with all that made it.</summary>
/// <param name="Features">Every feature that is known, by symbol.</param>
/// <param name="Factors">Every factor of the product.</param>
/// <param name="Total">The reward.</param>
/// <param name="Gold">Its gold reward; null where no gold model was asked.</param>
/// <param name="GoldCut">Whether the gold model read it only in part; null where none was asked, or a server does not say.</param>
/// <param name="RelevanceCut">Whether the relevance model read response, query or reference only in part.</param>
public sealed record ScoredResponse(IReadOnlyDictionary<string, double> Features, IReadOnlyDictionary<string, double> Factors,
    double Total, double? Gold = null, bool? GoldCut = null,
    bool RelevanceCut = false);
