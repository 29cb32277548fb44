namespace Rer.Engine.Runs;

/// <summary>The device, lent to work that no run depends on. Dispose it to give the device back.</summary>
public sealed class DeviceLoan : IDisposable
{
    private readonly CancellationTokenSource _recall = new();
    private readonly Action _return;
    private bool _returned;

    internal DeviceLoan(Action giveBack)
    {
        _return = giveBack;
        Recalled = _recall.Token;
    }

    /// <summary>Signalled when a run is to have the device: stop as soon as may be, and dispose of the loan.</summary>
    public CancellationToken Recalled { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_returned) return;
        _returned = true;
        _return();
        _recall.Dispose();
    }

    internal void Recall() => _recall.Cancel();
}
