using Rer.Engine.Storage;

namespace Rer.Engine.Runs.Queue;

/// <content>The device, lent while no run needs it.</content>
public sealed partial class RunCoordinator
{
    private DeviceLease? _lease;

    /// <summary>
    /// Lends the device to work that no run depends on. A run that is launched recalls it, and begins when it is given back.
    /// </summary>
    /// <returns>Null where a run holds the device or waits for it, or it is lent already.</returns>
    /// <exception cref="StoreInUseException">Another process trains in this store.</exception>
    public DeviceLease? TryAcquire()
    {
        Take();
        lock (_gate)
        {
            // Where nobody works the queue off, what waits in it is no reason to leave the device idle.
            if (_closing || _active is not null || _lease is not null || (_thread is not null && _queue.Next() is not null)) return null;
            return _lease = new DeviceLease(Release);
        }
    }

    private void Release()
    {
        lock (_gate)
        {
            _lease = null;
            _work.Set();
        }
    }

    /// <summary>Waits until the device is given back, at most <paramref name="patience"/>; null waits as long as it takes.</summary>
    private void AwaitLease(TimeSpan? patience = null)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_lease is null) return;
                _lease.Recall();
            }

            if (!_work.WaitOne(patience ?? Timeout.InfiniteTimeSpan)) return;
        }
    }
}
