using System.Runtime.CompilerServices;
using Rer.Engine.Storage;

namespace Rer.Engine.Runs.Events;

/// <summary>
/// What happens to runs, as it happens. The feed only says *that* something is new; what it is, a watcher reads from the
/// store by sequence number. So no watcher can miss an event, see one twice, or fill memory by being slow, and runs trained
/// by another process are seen as well.
/// </summary>
public sealed class RunFeed : IDisposable
{
    /// <summary>How often watchers are updated unless they ask otherwise: four times per second.</summary>
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>In a set of changed runs: stands for every run where it is not known which one changed.</summary>
    public const string AnyRun = "";

    /// <summary>How often the store is asked whether another process wrote to it.</summary>
    private static readonly TimeSpan _foreignInterval = TimeSpan.FromSeconds(1);

    private readonly IRunStore _store;
    private readonly TimeProvider _time;
    private readonly ITimer _foreign;
    private readonly Lock _gate = new();
    private readonly List<CoalescingSubscription> _subscriptions = [];
    private readonly Dictionary<string, ProgressChanged> _progress = [];
    private long _foreignVersion;

    /// <summary>A feed of what <paramref name="store"/> appends.</summary>
    public RunFeed(IRunStore store, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
        _time = time ?? TimeProvider.System;
        _foreignVersion = store.ForeignVersion();
        store.Changed += Signal;
        _foreign = _time.CreateTimer(_ => SignalForeign(), null, _foreignInterval, _foreignInterval);
    }

    /// <summary>Wake-ups for changes of any run, at most one an interval. Dispose it to leave.</summary>
    public CoalescingSubscription Subscribe(TimeSpan? interval = null)
    {
        var subscription = new CoalescingSubscription(interval ?? DefaultInterval, _time, Leave);
        lock (_gate) _subscriptions.Add(subscription);
        return subscription;
    }

    /// <summary>
    /// Events of a run with a number above <paramref name="after"/>: first those already there, then new ones in batches, at
    /// most one an interval, without end. Events that are not stored (<see cref="ProgressChanged"/>) come with number 0, the
    /// latest only.
    /// </summary>
    /// <param name="runId">The run.</param>
    /// <param name="after">The last number seen; <see cref="RunRecord.LastSequence"/> of a <see cref="RunSnapshot"/> goes on from
    /// there.</param>
    /// <param name="interval">Shortest time between batches; null is <see cref="DefaultInterval"/>.</param>
    /// <param name="cancellation">Ends the watch.</param>
    public async IAsyncEnumerable<IReadOnlyList<RunEvent>> Watch(
        string runId, long after, TimeSpan? interval = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        // Subscribed before the first look: what happens in between wakes the loop again, and the numbers drop the overlap.
        using var subscription = Subscribe(interval);
        subscription.Signal(runId);
        ProgressChanged? shown = null;
        while (true)
        {
            var changed = await subscription.NextAsync(cancellation).ConfigureAwait(false);
            if (!changed.Contains(runId) && !changed.Contains(AnyRun)) continue;

            IReadOnlyList<RunEvent> batch;
            do
            {
                batch = _store.EventsSince(runId, after);
                if (batch.Count > 0) after = batch[^1].Sequence;
                if (batch.Count > 0) yield return batch;
            }
            while (batch.Count == RunStore.MaxEvents);

            if (Progress(runId) is { } progress && progress != shown) yield return [shown = progress];
        }
    }

    /// <summary>What long phase a run of this process is in; null where it is in none or has not said.</summary>
    public ProgressChanged? Progress(string runId)
    {
        lock (_gate) return _progress.GetValueOrDefault(runId);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _store.Changed -= Signal;
        _foreign.Dispose();
    }

    internal void Report(string runId, ProgressChanged progress)
    {
        lock (_gate) _progress[runId] = progress;
        Signal(runId);
    }

    /// <summary>The run no longer holds the device.</summary>
    internal void Forget(string runId)
    {
        lock (_gate) _progress.Remove(runId);
    }

    private void Signal(string runId)
    {
        lock (_gate)
        {
            foreach (var subscription in _subscriptions) subscription.Signal(runId);
        }
    }

    private void SignalForeign()
    {
        lock (_gate)
        {
            if (_subscriptions.Count == 0) return;
        }

        try
        {
            var version = _store.ForeignVersion();
            if (Interlocked.Exchange(ref _foreignVersion, version) != version) Signal(AnyRun);
        }
        catch (ObjectDisposedException)
        {
            // The store was closed between the timer's tick and the question.
        }
    }

    private void Leave(CoalescingSubscription subscription)
    {
        lock (_gate) _subscriptions.Remove(subscription);
    }
}
