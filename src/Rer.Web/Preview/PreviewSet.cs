using Rer.Engine.Data.Prompts;
using Rer.Engine.Rewards;

namespace Rer.Web.Preview;

/// <summary>A handful of real items with responses, measured once.</summary>
/// <param name="Items">The items.</param>
/// <param name="Origin">Where the responses come from, in words.</param>
/// <param name="Total">Items of the evaluation set.</param>
/// <param name="RelevanceCeiling">The relevance that counts as full, for the formula.</param>
/// <param name="Counts">Training items by query type; under null those without one.</param>
/// <param name="Problem">Why there are no items; null where there are.</param>
public sealed record PreviewSet(
    IReadOnlyList<PreviewItem> Items, string Origin, int Total, double RelevanceCeiling, IReadOnlyList<(QueryType? Type, int Count)> Counts,
    string? Problem)
{
    /// <summary>A set without items.</summary>
    public static PreviewSet Without(string problem, IReadOnlyList<(QueryType? Type, int Count)>? counts = null) =>
        new([], "", 0, double.NaN, counts ?? [], problem);

    /// <summary>The set with an item more, below the others.</summary>
    public PreviewSet With(PreviewItem? pasted) => pasted is null || Problem is not null ? this : this with { Items = [.. Items, pasted] };

    /// <summary>What each item scores under a design; null where the design needs what the item has not.</summary>
    public IReadOnlyList<RewardBreakdown?> Under(RewardDesign design) =>
        [.. Items.Select(i => i.Breakdown.Allows(design) ? i.Breakdown.Under(design) : null)];
}
