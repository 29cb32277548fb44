using Rer.Engine.Storage;

namespace Rer.Engine.Runs.Queue;

/// <content>What the end of the program does to a run, and what the next program makes of it.</content>
public sealed partial class RunCoordinator
{
    private const string Ended = "the program ended while it ran.";

    /// <summary>How long the step in progress has when the program ends; after that it is dropped. Default 3 seconds.</summary>
    internal TimeSpan StepGrace { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long the run has in all from <see cref="BeginEnd"/> on; after that its last checkpoint stands. Default 6 seconds.
    /// </summary>
    internal TimeSpan EndGrace { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>
    /// Whether the training thread lives: after <see cref="Dispose"/>, that it could not be ended in time. Its run's end stands in the
    /// store.
    /// </summary>
    public bool StillWorks => _thread is { IsAlive: true };

    private TimeSpan EndLeft => EndGrace - _time.GetElapsedTime(_endBegan) is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    /// <summary>Tells the run in progress that the program ends, and returns at once. <see cref="Dispose"/> waits for the run.</summary>
    public void BeginEnd()
    {
        lock (_gate)
        {
            if (_closing) return;
            _closing = true;
            _endBegan = _time.GetTimestamp();
            _active?.EndWithProgram(StepGrace);
            _lease?.Recall();
        }

        _work.Set();
    }

    /// <summary>
    /// Stops the run in progress with a checkpoint, waits for it as long as <see cref="EndGrace"/> allows, and lets go of the store.
    /// </summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        BeginEnd();
        if (_thread is { } thread && !thread.Join(EndLeft)) Abandon();
        AwaitLease(EndLeft);
        _lock?.Dispose();
        // A thread that was abandoned may still come to wait on it.
        if (!StillWorks) _work.Dispose();
    }

    /// <summary>Writes the end of a run whose thread is caught in work that cannot be cut short, such as loading a large model.</summary>
    private void Abandon()
    {
        lock (_gate)
        {
            if (_active is not { } active) return;
            active.Abandoned = true;
            try
            {
                Interrupt(Existing(active.RunId, "stop"), Ended);
            }
            catch (StoreException)
            {
                // What cannot be written now is found by the next program: the run stands as running, and nothing drives it.
            }
        }
    }

    /// <summary>Marks what the store has as running and nothing drives: its process died, or could not write its end.</summary>
    private void Recover()
    {
        if (_lock is null) return; // What runs may be another process's.
        var left = _store.Runs(new RunFilter { States = [RunState.Starting, RunState.Running] });
        foreach (var run in left.Where(run => run.Id != _active?.RunId).OrderByDescending(run => run.QueuePosition))
        {
            // When it died nobody knows; what it did last is known.
            _store.StopClockAtLastEvent(run.Id);
            if (Failure is { } failure) Enter(run.Id, RunState.Stopped, Interruption(failure, "Resume it to go"));
            else Interrupt(run, Ended);
        }
    }

    /// <summary>A sweep goes on where it broke off: its run is the next again. A run by itself waits until somebody resumes it.</summary>
    private RunState Interrupt(RunRecord run, string why)
    {
        if (run.SweepId is null) return Enter(run.Id, RunState.Stopped, Interruption(why, "Resume it to go"));
        _queue.PutFirst(run.Id);
        return Enter(run.Id, RunState.Queued, Interruption(why, "It is the next to run, and goes"));
    }

    private static string Interruption(string why, string goes) => $"Interrupted: {why} {goes} on from its last checkpoint.";
}
