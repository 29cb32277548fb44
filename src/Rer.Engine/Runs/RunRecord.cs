using Rer.Engine.Evaluation.Statistics;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Runs.Queue;

namespace Rer.Engine.Runs;

/// <summary>A run as the store knows it: its plan, where it stands, and what the person wrote on it.</summary>
public sealed record RunRecord
{
    /// <summary>A run of a plan before its first step: queued, with what the store keeps of the plan beside it.</summary>
    /// <param name="id"><see cref="Id"/>.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="created">When it is launched.</param>
    public static RunRecord Of(string id, RunPlan plan, DateTimeOffset created) => new()
    {
        Id = id,
        Plan = plan,
        PlanHash = plan.Hash,
        DesignText = plan.Design.Text,
        DesignHash = plan.Design.Hash,
        State = RunState.Queued,
        Created = created,
        Step = 0,
    };

    /// <summary>Identifier, unique in its store and usable in a URL: `260730-1430-rer-s1`.</summary>
    public required string Id { get; init; }

    /// <summary>The plan. <see cref="RunCoordinator.Extend"/> changes its number of steps, nothing else ever does.</summary>
    public required RunPlan Plan { get; init; }

    /// <summary><see cref="RunPlan.Hash"/> of <see cref="Plan"/>.</summary>
    public required string PlanHash { get; init; }

    /// <summary>Canonical text of the design.</summary>
    public required string DesignText { get; init; }

    /// <summary>Hash of the design.</summary>
    public required string DesignHash { get; init; }

    /// <summary>
    /// <see cref="RunPlan.GroupHash"/> of <see cref="Plan"/>: runs that have it in common differ in the seed alone. A server says it with
    /// the run, because relative paths are its own.
    /// </summary>
    public string GroupHash
    {
        get => field ?? Plan.GroupHash;
        init;
    }

    /// <summary>Where the run stands.</summary>
    public required RunState State { get; init; }

    /// <summary>Why it is in that state, where there is something to say (an error's message).</summary>
    public string? Reason { get; init; }

    /// <summary>When it was launched.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it first held the device; null while it never has.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it was last stopped, finished or failed; null while it has not.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>Since when it holds the device; null while it does not.</summary>
    public DateTimeOffset? ActiveSince { get; init; }

    /// <summary>Seconds it held the device before <see cref="ActiveSince"/>.</summary>
    public double ActiveSeconds { get; init; }

    /// <summary>Seconds it has held the device by <paramref name="now"/>.</summary>
    public double SecondsActive(DateTimeOffset now) =>
        ActiveSeconds + (ActiveSince is { } since ? Math.Max(0, (now - since).TotalSeconds) : 0);

    /// <summary>PPO steps completed.</summary>
    public required int Step { get; init; }

    /// <summary>Tags, in alphabetical order.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>A note in plain text; empty where there is none.</summary>
    public string Note { get; init; } = "";

    /// <summary>Whether the run is starred.</summary>
    public bool Starred { get; init; }

    /// <summary>The sweep it belongs to; null where it was launched alone.</summary>
    public string? SweepId { get; init; }

    /// <summary>The sweep's name.</summary>
    public string? SweepName { get; init; }

    /// <summary>Order in the queue, lowest first; null where it is neither queued nor paused.</summary>
    public long? QueuePosition { get; init; }

    /// <summary>Number of the last event in the run's stream; 0 before the first.</summary>
    public long LastSequence { get; init; }

    /// <summary>Headline figures of every evaluation so far, by step.</summary>
    public IReadOnlyList<EvaluationPoint> Points { get; init; } = [];

    /// <summary>Rank correlation and verdict over the evaluations so far; null before the first, and without gold.</summary>
    public MonotonicityReport? Monotonicity { get; init; }
}
