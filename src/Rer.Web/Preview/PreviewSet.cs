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

/// <summary>One response that shows what a design does.</summary>
/// <param name="Item">The evaluation item it answers.</param>
/// <param name="Response">The response.</param>
/// <param name="Gold">Its gold reward; NaN where it is not known.</param>
/// <param name="Scored">The response as features see it.</param>
/// <param name="Breakdown">Every feature measured; any design recombines them.</param>
public sealed record PreviewItem(PromptItem Item, string Response, double Gold, ScoredItem Scored, RewardBreakdown Breakdown)
{
    /// <summary>Whether somebody pasted it; the others are answers to items of the evaluation set.</summary>
    public bool Pasted { get; init; }

    /// <summary>Words that the length incentive counts.</summary>
    public int Words => Scored.Words.Count;
}
