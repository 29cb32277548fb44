namespace Rer.Engine.Storage;

/// <summary>What a <see cref="RolloutQuery"/> found.</summary>
/// <param name="Total">Number of rollouts that match, offset and limit aside.</param>
/// <param name="Rows">The rows asked for, in order.</param>
public sealed record RolloutPage(int Total, IReadOnlyList<RankedRollout> Rows);
