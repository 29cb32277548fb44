namespace Rer.Web.Api;

/// <summary>A response's reward with all that made it.</summary>
/// <param name="Features">Every feature that is known, by symbol.</param>
/// <param name="Factors">Every factor of the product.</param>
/// <param name="Total">The reward.</param>
/// <param name="Gold">Its gold reward; null where no gold model was asked.</param>
public sealed record ScoredResponse(IReadOnlyDictionary<string, double> Features, IReadOnlyDictionary<string, double> Factors, double Total, double? Gold = null);
