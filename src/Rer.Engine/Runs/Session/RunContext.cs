using Rer.Engine.Evaluation;
using Rer.Engine.Runs.Events;
using Rer.Engine.Storage;

namespace Rer.Engine.Runs.Session;

/// <summary>What a run session is given besides its plan: its identity, its folder, and where it reports.</summary>
/// <remarks>Everything published is in the store when the call returns. Called from the training thread alone.</remarks>
public sealed class RunContext
{
    private readonly IRunStore _store;
    private readonly RunFeed? _feed;
    private readonly TimeProvider _time;

    /// <summary>A context for the run <paramref name="runId"/> of <paramref name="store"/>.</summary>
    /// <param name="store">The store that has the run.</param>
    /// <param name="runId">The run.</param>
    /// <param name="feed">Where progress that is not stored goes; null drops it.</param>
    /// <param name="time">The clock that stamps events; null is the system's.</param>
    /// <param name="stop">Signalled when the run is to stop after its step: loading ends at once.</param>
    /// <param name="giveUp">Signalled when the program ends and the step takes too long: it is dropped.</param>
    public RunContext(
        IRunStore store, string runId, RunFeed? feed = null, TimeProvider? time = null, CancellationToken stop = default,
        CancellationToken giveUp = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
        _feed = feed;
        _time = time ?? TimeProvider.System;
        (RunId, Stop, GiveUp) = (runId, stop, giveUp);
        Folder = store.RunFolder(runId);
    }

    /// <summary>The run.</summary>
    public string RunId { get; }

    /// <summary>The run's own folder, `runs/ID` in the store's; it exists. Checkpoints go below it.</summary>
    public string Folder { get; }

    /// <summary>Signalled when the run is to stop.</summary>
    public CancellationToken Stop { get; }

    /// <summary>Signalled some seconds after <see cref="Stop"/> where the program ends: what is in progress is dropped.</summary>
    public CancellationToken GiveUp { get; }

    /// <summary>Appends an event to the run's stream; <see cref="ProgressChanged"/> reaches only those who watch now.</summary>
    /// <exception cref="StoreException">The store cannot be written.</exception>
    public void Publish(RunEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        happened = happened with { At = _time.GetUtcNow() };
        if (happened is ProgressChanged progress) _feed?.Report(RunId, progress);
        else _store.Append(RunId, [happened]);
    }

    /// <summary>
    /// Writes an evaluation, its rollouts and its event in one transaction, flushed to the disk. Save the checkpoint of the
    /// same step afterwards: then no checkpoint ever stands without its evaluation.
    /// </summary>
    /// <exception cref="StoreException">The store cannot be written; nothing of the evaluation is in it.</exception>
    public void Publish(EvaluationReport report, IReadOnlyList<EvaluationSample> rollouts) =>
        _store.Append(RunId, [new EvaluationCompleted(report) { At = _time.GetUtcNow() }], rollouts);

    /// <summary>
    /// Takes back everything recorded beyond <paramref name="step"/>. A resumed session calls it once with the step of the
    /// checkpoint it loaded (0 where there is none, -1 to take back the evaluation at step 0 too).
    /// </summary>
    /// <exception cref="StoreException">The store cannot be written.</exception>
    public void RewindTo(int step) => _store.RewindTo(RunId, step);
}
