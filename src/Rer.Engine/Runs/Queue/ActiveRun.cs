namespace Rer.Engine.Runs.Queue;

/// <summary>The run on the device, and how it is to end if it is told to.</summary>
/// <param name="runId">The run.</param>
/// <param name="time">The clock that the time left is taken by.</param>
internal sealed class ActiveRun(string runId, TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _giveUp = new(Timeout.InfiniteTimeSpan, time);

    /// <summary>The run.</summary>
    public string RunId { get; } = runId;

    /// <summary>Signalled when the run is to stop after the step in progress.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Signalled when the step in progress is to be dropped too: the program ends.</summary>
    public CancellationToken GiveUp => _giveUp.Token;

    /// <summary>The state it is to end in.</summary>
    public RunState End { get; private set; } = RunState.Stopped;

    /// <summary>Whether the end of the program is what stops it.</summary>
    public bool Interrupted { get; private set; }

    /// <summary>Whether its end stands in the store already, written for a thread that did not come to an end in time.</summary>
    public bool Abandoned { get; set; }

    /// <summary>A person pauses or stops the run.</summary>
    public void EndAs(RunState end)
    {
        End = end;
        _stop.Cancel();
    }

    /// <summary>The program ends: the run stops after its step, or without it once <paramref name="stepGrace"/> is over.</summary>
    public void EndWithProgram(TimeSpan stepGrace)
    {
        // One that was stopped or paused a moment ago ends as that.
        Interrupted = !_stop.IsCancellationRequested;
        _stop.Cancel();
        _giveUp.CancelAfter(stepGrace);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _giveUp.Dispose();
    }
}
