using Rer.Engine.Data.Prompts;
using Rer.Engine.Rewards;

namespace Rer.Engine.Training;

/// <summary>The white-box reward of a batch, with what it is made of.</summary>
/// <param name="Items">The rows answered.</param>
/// <param name="Breakdowns">One for each row.</param>
internal sealed record BatchScores(IReadOnlyList<PromptItem> Items, IReadOnlyList<RewardBreakdown> Breakdowns)
{
    /// <summary>Raw score of each response.</summary>
    public IReadOnlyList<double> Totals { get; } = Breakdowns.Select(b => b.Total).ToArray();
}
