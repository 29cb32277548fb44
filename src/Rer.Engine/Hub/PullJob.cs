namespace Rer.Engine.Hub;

/// <summary>A pull in the queue, as it stands at one moment.</summary>
/// <param name="Id">Tells it from the others.</param>
/// <param name="Request">What is fetched.</param>
/// <param name="State">Where it stands.</param>
public sealed record PullJob(int Id, PullRequest Request, PullState State)
{
    /// <summary>How far it is; null before anything is known.</summary>
    public PullProgress? Progress { get; init; }

    /// <summary>What it left; null before its end.</summary>
    public PullResult? Result { get; init; }

    /// <summary>Why it failed; null where it did not.</summary>
    public string? Error { get; init; }
}
