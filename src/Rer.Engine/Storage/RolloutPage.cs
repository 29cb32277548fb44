using Rer.Engine.Evaluation;

namespace Rer.Engine.Storage;

/// <summary>What a <see cref="RolloutQuery"/> found.</summary>
/// <param name="Total">Number of rollouts that match, offset and limit aside.</param>
/// <param name="Rows">The rows asked for, in order.</param>
public sealed record RolloutPage(int Total, IReadOnlyList<RankedRollout> Rows);

/// <summary>A rollout with its place among all rollouts of its step; 1 is the lowest, ties share their mean rank.</summary>
/// <param name="Rollout">The rollout.</param>
/// <param name="ProxyRank">Rank by proxy reward.</param>
/// <param name="GoldRank">Rank by gold reward; NaN without a gold reward.</param>
public sealed record RankedRollout(EvaluationSample Rollout, double ProxyRank, double GoldRank)
{
    /// <summary>How far apart the two ranks are.</summary>
    public double Disagreement => Math.Abs(ProxyRank - GoldRank);
}
