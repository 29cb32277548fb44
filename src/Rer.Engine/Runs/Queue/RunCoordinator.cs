using Rer.Engine.Options;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Runs.Session;
using Rer.Engine.Storage;
using Rer.Engine.Training;

namespace Rer.Engine.Runs.Queue;

/// <summary>
/// The one owner of the device: takes runs from a queue that outlives the process and drives them, one at a time, on a
/// thread of its own. Training depends on nothing but this object: no page, no connection.
/// </summary>
public sealed partial class RunCoordinator : IDisposable
{
    private readonly IRunStore _store;
    private readonly RunFeed _feed;
    private readonly Func<RunPlan, RunContext, IRunSession> _sessions;
    private readonly Func<RunPlan, IReadOnlyList<PlanError>> _validate;
    private readonly TimeProvider _time;
    private readonly RunQueue _queue;
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _work = new(false);
    private StoreLock? _lock;
    private Thread? _thread;
    private ActiveRun? _active;
    private bool _closing;
    private bool _disposed;
    private long _endBegan;

    /// <summary>A coordinator of the runs in <paramref name="store"/>.</summary>
    /// <param name="store">The store; the caller disposes of it after the coordinator.</param>
    /// <param name="feed">Where progress goes.</param>
    /// <param name="sessions">Loads a run's models and data; called on the training thread.</param>
    /// <param name="validate">Checks a plan before it is queued; null is <see cref="RunPlan.Validate"/>.</param>
    /// <param name="time">The clock that stamps events; null is the system's.</param>
    public RunCoordinator(
        IRunStore store,
        RunFeed feed,
        Func<RunPlan, RunContext, IRunSession> sessions,
        Func<RunPlan, IReadOnlyList<PlanError>>? validate = null,
        TimeProvider? time = null)
    {
        _store = store;
        _feed = feed;
        _sessions = sessions;
        _validate = validate ?? (plan => plan.Validate());
        _time = time ?? TimeProvider.System;
        _queue = new RunQueue(store);
    }

    /// <summary>The run that holds the device; null where none does.</summary>
    public string? ActiveRunId
    {
        get
        {
            lock (_gate) return _active?.RunId;
        }
    }

    /// <summary>Why the queue stands still (the store cannot be written); null where it does not.</summary>
    public string? Failure { get; private set; }

    /// <summary>How often a store that could not be written is tried again. Default 5 seconds.</summary>
    internal TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Takes the store, so that no other process trains in it, and marks runs that a dead process left running as stopped.
    /// <see cref="Start"/> and <see cref="RunNow"/> do so themselves.
    /// </summary>
    /// <exception cref="StoreInUseException">Another process trains in this store.</exception>
    public void Take()
    {
        if (_lock is not null) return;
        _lock = StoreLock.Acquire(_store.Folder);
        Recover();
    }

    /// <summary>Begins to work the queue off on a thread of its own.</summary>
    /// <exception cref="StoreInUseException">Another process trains in this store.</exception>
    public void Start()
    {
        if (_thread is not null) throw new InvalidOperationException("The coordinator works its queue off already.");
        Take();
        _thread = new Thread(Work) { Name = "training", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Drives one run to its end on the calling thread and leaves the queue alone; for programs that run one plan.</summary>
    /// <param name="runId">A queued, paused, stopped or failed run.</param>
    /// <param name="stop">Stops the run after the step it is in, with a checkpoint.</param>
    /// <returns>The state it ended in.</returns>
    /// <exception cref="StoreInUseException">Another process trains in this store.</exception>
    /// <exception cref="InvalidOperationException">The coordinator works its queue off already, or the run has finished.</exception>
    public RunState RunNow(string runId, CancellationToken stop = default)
    {
        if (_thread is not null) throw new InvalidOperationException("The coordinator works its queue off already.");
        Take();
        Existing(runId, "run", RunState.Queued, RunState.Paused, RunState.Stopped, RunState.Failed);
        AwaitLease();
        RunState state;
        do
        {
            ActiveRun active;
            lock (_gate) active = _active = new ActiveRun(runId, _time);
            using (stop.Register(() => End(active))) state = Drive(active);
        }
        while (state == RunState.Queued); // extended while it ran
        return state;

        void End(ActiveRun active)
        {
            lock (_gate)
            {
                // The signal may come when the run has just ended by itself.
                if (_active == active) active.EndAs(RunState.Stopped);
            }
        }
    }

    /// <summary>Checks a plan and queues it.</summary>
    /// <returns>The run's id.</returns>
    /// <exception cref="PlanException">The plan cannot be run; it has every error.</exception>
    public string Launch(RunPlan plan) => Launch([plan], sweepName: null)[0];

    /// <summary>Checks several plans and queues them as one sweep, all or none.</summary>
    /// <returns>The runs' ids, in order.</returns>
    /// <exception cref="PlanException">One of the plans cannot be run; it has every error of the first such plan.</exception>
    public IReadOnlyList<string> LaunchSweep(IReadOnlyList<RunPlan> plans, string name) => Launch(plans, RunLabels.SweepName(name));

    /// <summary>
    /// Pauses a run: after its step, with a checkpoint, the device goes to the next in the queue; it keeps its own place there.
    /// </summary>
    /// <exception cref="InvalidOperationException">The run is neither queued nor running.</exception>
    public void Pause(string runId) => Halt(runId, RunState.Paused, RunState.Queued);

    /// <summary>Stops a run after its step, with a checkpoint; it can be resumed.</summary>
    /// <exception cref="InvalidOperationException">The run has already ended.</exception>
    public void Stop(string runId) => Halt(runId, RunState.Stopped, RunState.Queued, RunState.Paused);

    /// <summary>
    /// Stops every run of a sweep that has not ended; those that wait before the one that trains, so that none of them begins.
    /// </summary>
    /// <returns>How many were stopped.</returns>
    public int StopSweep(string sweepId) => Each(sweepId, Stop, RunState.Queued, RunState.Paused, RunState.Starting, RunState.Running);

    /// <summary>Pauses the runs of a sweep that wait or train; each keeps its place in the queue.</summary>
    /// <returns>How many were paused.</returns>
    public int PauseSweep(string sweepId) => Each(sweepId, Pause, RunState.Queued, RunState.Starting, RunState.Running);

    /// <summary>Queues the paused, stopped and failed runs of a sweep again.</summary>
    /// <returns>How many were queued.</returns>
    public int ResumeSweep(string sweepId) => Each(sweepId, Resume, RunState.Paused, RunState.Stopped, RunState.Failed);

    /// <summary>Queues a paused run in its old place, a stopped or failed one at the end; it goes on from its last checkpoint.</summary>
    /// <exception cref="InvalidOperationException">The run is not paused, stopped or failed.</exception>
    public void Resume(string runId)
    {
        lock (_gate)
        {
            Recover();
            var run = Existing(runId, "resume", RunState.Paused, RunState.Stopped, RunState.Failed);
            if (run.QueuePosition is null) _queue.PutLast(runId);
            Enter(runId, RunState.Queued);
        }

        _work.Set();
    }

    /// <summary>Sets how many steps a run takes in all. A finished run is queued again and goes on where it ended.</summary>
    /// <param name="runId">The run, in any state.</param>
    /// <param name="steps">Steps in all, more than the plan has now.</param>
    /// <exception cref="PlanException"><paramref name="steps"/> is not more than the plan has.</exception>
    public void Extend(string runId, int steps)
    {
        lock (_gate)
        {
            var run = Existing(runId, "extend");
            if (steps <= run.Plan.Ppo.Steps)
                throw new PlanException(
                    [new PlanError("steps", $"{steps}", $"is not more than the {run.Plan.Ppo.Steps} the run has already.")]);
            _store.SetPlan(runId, run.Plan with { Ppo = run.Plan.Ppo with { Steps = steps } });
            if (run.State != RunState.Finished) return;
            _queue.PutLast(runId);
            Enter(runId, RunState.Queued);
        }

        _work.Set();
    }

    /// <summary>Moves a queued or paused run to a place in the queue; 0 is the next to run.</summary>
    /// <exception cref="InvalidOperationException">The run is not in the queue.</exception>
    public void Move(string runId, int place)
    {
        lock (_gate)
        {
            Existing(runId, "move", RunState.Queued, RunState.Paused);
            _queue.Move(runId, place);
        }
    }

    /// <summary>Removes a run with everything it wrote.</summary>
    /// <exception cref="InvalidOperationException">The run holds the device.</exception>
    public void Delete(string runId)
    {
        lock (_gate)
        {
            Existing(
                runId, "delete", RunState.Queued, RunState.Paused, RunState.Stopped, RunState.Finished, RunState.Failed);
            if (_active?.RunId == runId) throw new InvalidOperationException($"{runId} still holds the device; stop it first.");
            _store.Delete(runId);
        }
    }

    private IReadOnlyList<string> Launch(IReadOnlyList<RunPlan> plans, string? sweepName)
    {
        foreach (var plan in plans)
        {
            var errors = _validate(plan);
            if (errors.Count > 0) throw new PlanException(errors);
        }

        lock (_gate)
        {
            var launched = _queue.Add(plans, sweepName, _time.GetLocalNow());
            foreach (var runId in launched) Enter(runId, RunState.Queued);
            _work.Set();
            return launched;
        }
    }

    private int Each(string sweepId, Action<string> action, params RunState[] states)
    {
        lock (_gate)
        {
            // The queue is worked off under the same gate, so nothing starts in between.
            var runs = _store.Runs(new RunFilter { SweepId = sweepId }).Where(r => states.Contains(r.State))
                .OrderBy(r => r.State is RunState.Starting or RunState.Running)
                .ThenBy(r => r.QueuePosition).ThenBy(r => r.Created).ThenBy(r => r.Id, StringComparer.Ordinal).ToArray();
            foreach (var run in runs) action(run.Id);
            return runs.Length;
        }
    }

    private void Halt(string runId, RunState end, params RunState[] waiting)
    {
        lock (_gate)
        {
            if (_active?.RunId == runId)
            {
                _active.EndAs(end);
                return;
            }

            Recover();
            Existing(runId, end == RunState.Paused ? "pause" : "stop", waiting);
            Enter(runId, end);
        }
    }

    private void Work()
    {
        while (true)
        {
            ActiveRun? active = null;
            try
            {
                lock (_gate)
                {
                    if (_closing) return;
                    active = _active = Next();
                }

                if (active is not null) Drive(active);
            }
            catch (Exception e)
            {
                // Nothing can be recorded, so nothing may run. Whatever it is, it must not end the program with this thread.
                Failure = e.Message;
                active = null;
            }

            if (active is not null) continue;
            NativeMemory.GiveBack();
            _work.WaitOne(Failure is null ? Timeout.InfiniteTimeSpan : RetryInterval);
        }
    }

    /// <summary>The run whose turn it is; null where none waits, or where the device is lent and has to be given back first.</summary>
    private ActiveRun? Next()
    {
        Recover();
        Failure = null;
        if (_queue.Next() is not { } next) return null;
        if (_lease is not { } lease) return new ActiveRun(next, _time);
        lease.Recall(); // given back, it wakes the thread again
        return null;
    }

    private RunState Drive(ActiveRun active)
    {
        try
        {
            Enter(active.RunId, RunState.Starting);
            var plan = Existing(active.RunId, "run").Plan;
            try
            {
                using var session = _sessions(plan, new RunContext(_store, active.RunId, _feed, _time, active.Stop, active.GiveUp));
                Enter(active.RunId, RunState.Running);
                // Stopped while it loaded: nothing was trained, so nothing is left to save.
                var done = !active.Stop.IsCancellationRequested && session.Run(active.Stop);
                return Close(active, () => done ? Finish(active.RunId, plan) : Stopped(active));
            }
            catch (OperationCanceledException) when (active.Stop.IsCancellationRequested)
            {
                // Loading was given up: the last checkpoint stands as it was.
                return Close(active, () => Stopped(active));
            }
            catch (Exception e)
            {
                // Whatever goes wrong in one run is that run's end, not the queue's.
                return Close(active, () => Fail(active.RunId, e));
            }
        }
        finally
        {
            lock (_gate) _active = null;
            _feed.Forget(active.RunId);
            active.Dispose();
        }
    }

    /// <summary>Writes a run's end, unless that was written already because its thread took too long.</summary>
    private RunState Close(ActiveRun active, Func<RunState> end)
    {
        lock (_gate) return active.Abandoned ? RunState.Stopped : end();
    }

    private RunState Stopped(ActiveRun active) =>
        active.Interrupted ? Interrupt(Existing(active.RunId, "stop"), Ended) : Enter(active.RunId, active.End);

    private RunState Fail(string runId, Exception error)
    {
        // The engine's own errors say what is wrong; of any other, the place where it happened is all there is to go by.
        if (error is not (IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException
            or InvalidOperationException or NotSupportedException or TrainingInvariantException))
        {
            var step = _store.Run(runId)?.Step ?? 0;
            _store.Append(runId, [new LogWritten("error", step, error.ToString()) { At = _time.GetUtcNow() }]);
        }

        return Enter(runId, RunState.Failed, error.Message);
    }

    private RunState Finish(string runId, RunPlan driven)
    {
        if (Existing(runId, "finish").Plan.Ppo.Steps == driven.Ppo.Steps) return Enter(runId, RunState.Finished);
        // Extended while it ran: it goes on at once, from the checkpoint it has just saved.
        _queue.PutFirst(runId);
        return Enter(runId, RunState.Queued);
    }

    private RunState Enter(string runId, RunState state, string? reason = null)
    {
        _store.Append(runId, [new StateChanged(state, reason) { At = _time.GetUtcNow() }]);
        return state;
    }

    private RunRecord Existing(string runId, string what, params RunState[] states)
    {
        var run = _store.Run(runId) ?? throw new ArgumentException($"There is no run '{runId}' in {_store.Folder}.");
        if (states.Length == 0 || states.Contains(run.State)) return run;
        var state = run.State.ToString().ToLowerInvariant();
        throw new InvalidOperationException($"Cannot {what} {runId}: it is {state}.");
    }
}
