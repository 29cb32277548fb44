using Microsoft.AspNetCore.Components;
using Rer.Engine.Models;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Queue;
using Rer.Engine.Runs.Session;
using Rer.Engine.Storage;

namespace Rer.Web.Components.Layout;

/// <summary>The run that holds the device, on every page.</summary>
public sealed partial class DeviceStrip
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly string Device = ComputeDevice.NameOf("auto");
    private RunRecord? _run;
    private RunPace _pace;
    private int _queued;

    [Inject] private IRunStore Store { get; set; } = default!;

    [Inject] private RunFeed Feed { get; set; } = default!;

    [Inject] private RunCoordinator Coordinator { get; set; } = default!;

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        await FollowRuns(Feed, Interval, Read);
        Read();
    }

    private void Read()
    {
        // Another process may train in this store, so its state counts, not this process's coordinator alone.
        var busy = Store.Runs(new RunFilter { States = [RunState.Running, RunState.Starting, RunState.Queued] });
        _run = busy.FirstOrDefault(r => r.State is RunState.Running or RunState.Starting);
        _queued = busy.Count(r => r.State == RunState.Queued);
        if (_run is not { } run) return;
        _pace = RunPace.Of(Store, run);
    }
}
