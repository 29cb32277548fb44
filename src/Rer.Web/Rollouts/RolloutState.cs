using Rer.Engine.Data.Prompts;
using Rer.Engine.Storage;

namespace Rer.Web.Rollouts;

/// <summary>What a page of rollouts shows, as its address says.</summary>
public sealed record RolloutState
{
    /// <summary>Most rows in the list.</summary>
    public const int MostRows = 1_000;

    /// <summary>Checkpoint; null is the last.</summary>
    public int? Step { get; init; }

    /// <summary>One query type only.</summary>
    public QueryType? Type { get; init; }

    /// <summary>Text that query or response contains.</summary>
    public string Text { get; init; } = "";

    /// <summary>The order.</summary>
    public RolloutSort Sort { get; init; } = RolloutSort.Disagreement;

    /// <summary>Only responses that were cut off.</summary>
    public bool CutOff { get; init; }

    /// <summary>Which of a query's responses, from 0.</summary>
    public int Sample { get; init; }

    /// <summary>The query shown; null is the first of the list.</summary>
    public int? Item { get; init; }

    /// <summary>Checkpoints side by side; null chooses first, gold peak and last.</summary>
    public IReadOnlyList<int>? Shown { get; init; }

    /// <summary>What each text is compared with.</summary>
    public DiffBase Diff { get; init; }

    /// <summary>Text of another design to score the responses under; null keeps the run's own.</summary>
    public string? Under { get; init; }

    /// <summary>The list, from the store.</summary>
    public RolloutQuery Query(string runId, int step) => new()
    {
        RunId = runId,
        Step = step,
        QueryType = Type,
        Text = Text.Length > 0 ? Text : null,
        Sample = Sample,
        EndedWithEos = CutOff ? false : null,
        Sort = Sort,
        // Lowest gold is what one looks for; otherwise the highest.
        Descending = Sort is RolloutSort.Proxy or RolloutSort.Length or RolloutSort.Disagreement,
        Limit = MostRows,
    };
}

/// <summary>What a checkpoint's text is compared with.</summary>
public enum DiffBase
{
    /// <summary>The checkpoint shown before it.</summary>
    Previous,

    /// <summary>The first checkpoint shown.</summary>
    First,

    /// <summary>Nothing.</summary>
    Off,
}
