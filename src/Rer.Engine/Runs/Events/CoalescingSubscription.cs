namespace Rer.Engine.Runs.Events;

/// <summary>
/// One watcher's wake-ups, throttled by itself: however often it is signalled, it is handed what changed at most once an
/// interval, so a fast run cannot flood a slow page. What it holds is a set of run ids, nothing that grows with time.
/// </summary>
public sealed class CoalescingSubscription : IDisposable
{
    private readonly Action<CoalescingSubscription> _leave;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _wake = new(0);
    private readonly Lock _gate = new();
    private HashSet<string> _changed = [];
    private long _handedOver;

    internal CoalescingSubscription(TimeSpan interval, TimeProvider time, Action<CoalescingSubscription> leave)
    {
        _interval = interval;
        _time = time;
        _leave = leave;
        // The first change is handed over at once.
        _handedOver = time.GetTimestamp() - (long)(interval.TotalSeconds * time.TimestampFrequency);
    }

    /// <summary>Waits for a change, then for the rest of the interval, and hands over the ids of all runs that changed.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was signalled.</exception>
    public async ValueTask<IReadOnlySet<string>> NextAsync(CancellationToken cancellation = default)
    {
        await _wake.WaitAsync(cancellation).ConfigureAwait(false);
        var rest = _interval - _time.GetElapsedTime(_handedOver);
        try
        {
            if (rest > TimeSpan.Zero) await Task.Delay(rest, _time, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // What changed is still to be handed over, should the watcher ask again.
            _wake.Release();
            throw;
        }

        lock (_gate)
        {
            var changed = _changed;
            _changed = [];
            _handedOver = _time.GetTimestamp();
            return changed;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _leave(this);
        _wake.Dispose();
    }

    internal void Signal(string runId)
    {
        lock (_gate)
        {
            if (_changed.Add(runId) && _changed.Count == 1) _wake.Release();
        }
    }
}
