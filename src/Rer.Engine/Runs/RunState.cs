namespace Rer.Engine.Runs;

/// <summary>Where a run stands.</summary>
public enum RunState
{
    /// <summary>Waits for the device.</summary>
    Queued,

    /// <summary>Loads models and data.</summary>
    Starting,

    /// <summary>Trains or evaluates.</summary>
    Running,

    /// <summary>Holds its place until resumed; the device is free.</summary>
    Paused,

    /// <summary>Stopped by a person after a whole step; can be resumed.</summary>
    Stopped,

    /// <summary>All steps done.</summary>
    Finished,

    /// <summary>Ended by an error; the last good checkpoint stands and the run can be resumed.</summary>
    Failed,
}
