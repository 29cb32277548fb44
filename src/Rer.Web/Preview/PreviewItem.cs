using Rer.Engine.Data.Prompts;
using Rer.Engine.Rewards;

namespace Rer.Web.Preview;

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
