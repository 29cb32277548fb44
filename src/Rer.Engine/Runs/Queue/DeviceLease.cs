namespace Rer.Engine.Runs.Queue;

/// <summary>The device, lent to work that no run depends on. Dispose it to give the device back.</summary>
public sealed class DeviceLease : IDisposable
{
    private readonly CancellationTokenSource _recall = new();
    private readonly Action _release;
    private bool _released;

    internal DeviceLease(Action release)
    {
        _release = release;
        Recalled = _recall.Token;
    }

    /// <summary>Signalled when a run is to have the device: stop as soon as may be, and dispose of the loan.</summary>
    public CancellationToken Recalled { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_released) return;
        _released = true;
        _release();
        _recall.Dispose();
    }

    internal void Recall() => _recall.Cancel();
}
