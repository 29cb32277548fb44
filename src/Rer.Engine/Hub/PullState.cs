namespace Rer.Engine.Hub;

/// <summary>Where a queued pull stands.</summary>
public enum PullState
{
    /// <summary>It waits for the one before it.</summary>
    Waiting,

    /// <summary>It is on its way.</summary>
    Running,

    /// <summary>Every file is there.</summary>
    Done,

    /// <summary>It was stopped; it can go on.</summary>
    Stopped,

    /// <summary>It failed; it can be tried again.</summary>
    Failed,
}
