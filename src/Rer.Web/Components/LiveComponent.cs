using Microsoft.AspNetCore.Components;
using Rer.Engine.Runs.Events;

namespace Rer.Web.Components;

/// <summary>A component that follows something for as long as it is shown.</summary>
public abstract class LiveComponent : ComponentBase, IAsyncDisposable
{
    private CancellationTokenSource? _left;
    private Task _following = Task.CompletedTask;

    /// <inheritdoc />
    public virtual async ValueTask DisposeAsync()
    {
        await Leave();
        GC.SuppressFinalize(this);
    }

    /// <summary>Begins to follow; what was followed before is left first.</summary>
    /// <param name="loop">Runs until its token is signalled.</param>
    protected async Task Follow(Func<CancellationToken, Task> loop)
    {
        await Leave();
        _left = new CancellationTokenSource();
        _following = Run(loop, _left.Token);
    }

    /// <summary>Follows the store's runs.</summary>
    /// <param name="feed">Tells of changes.</param>
    /// <param name="interval">Least time between two readings.</param>
    /// <param name="read">Reads anew; the component is rendered then.</param>
    protected Task FollowRuns(RunFeed feed, TimeSpan interval, Action read) => Follow(async left =>
    {
        using var changes = feed.Subscribe(interval);
        while (true)
        {
            await changes.NextAsync(left);
            read();
            StateHasChanged();
        }
    });

    /// <summary>Stops following and waits until the loop has ended.</summary>
    protected async Task Leave()
    {
        if (_left is null) return;
        await _left.CancelAsync();
        await _following;
        _left.Dispose();
        _left = null;
    }

    private async Task Run(Func<CancellationToken, Task> loop, CancellationToken left)
    {
        try
        {
            await loop(left);
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            // The component was left.
        }
        catch (Exception error)
        {
            // A loop runs beside the renderer; without this its failure would be seen by nobody.
            await DispatchExceptionAsync(error);
        }
    }
}
