using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation.Judges;

namespace Rer.Engine.Evaluation.Statistics;

/// <summary>Whether the proxy was monotonic with gold over a run's checkpoints so far.</summary>
public sealed record MonotonicityReport
{
    /// <summary>PPO steps of the checkpoints, ascending; the series below run along them.</summary>
    public required int[] Steps { get; init; }

    /// <summary>Mean proxy.</summary>
    public required double[] Proxy { get; init; }

    /// <summary>Mean gold reward.</summary>
    public required double[] Gold { get; init; }

    /// <summary>
    /// Mean of the proxy's z-scores within each query type (over all its queries and checkpoints), which puts the types on one scale.
    /// </summary>
    public required double[] PooledProxy { get; init; }

    /// <summary><see cref="Proxy"/> against <see cref="Gold"/>; the verdict stands on it.</summary>
    public required RankRelation Raw { get; init; }

    /// <summary><see cref="PooledProxy"/> against <see cref="Gold"/>.</summary>
    public required RankRelation Pooled { get; init; }

    /// <summary>Each query type's own proxy against its own gold reward; types that some checkpoint lacks are absent.</summary>
    public required IReadOnlyDictionary<QueryType, RankRelation> ByType { get; init; }

    /// <summary>Step at which gold was highest; the earliest of equals.</summary>
    public required int PeakStep { get; init; }

    /// <summary>Gold now less gold at the start, query by query.</summary>
    public required Interval SinceStart { get; init; }

    /// <summary>Gold now less gold at its peak, query by query.</summary>
    public required Interval SincePeak { get; init; }

    /// <summary>The verdict.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>The rule that gave the verdict, its numbers filled in.</summary>
    public required string Rule { get; init; }
}
