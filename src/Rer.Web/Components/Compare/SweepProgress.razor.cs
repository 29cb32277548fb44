using Microsoft.AspNetCore.Components;
using Rer.Engine.Runs;

namespace Rer.Web.Components.Compare;

/// <summary>Where each run of a sweep stands, and what can be done with it.</summary>
public sealed partial class SweepProgress
{
    private bool _asking;
    private string? _error;

    [Inject] private RunCoordinator Coordinator { get; set; } = default!;

    /// <summary>The sweep's runs, in the order of the queue.</summary>
    [Parameter, EditorRequired] public IReadOnlyList<RunRecord> Runs { get; set; } = [];

    // Those that wait come first: the one that trains would else hand the device to the next before that is stopped.
    private RunRecord[] Waiting => [.. Runs.Where(r => r.State is RunState.Queued or RunState.Paused or RunState.Running or RunState.Starting)
        .OrderByDescending(r => r.State is RunState.Queued or RunState.Paused)];

    private string? Place(RunRecord run)
    {
        if (run.State != RunState.Queued) return null;
        var place = Runs.Where(r => r.State == RunState.Queued).OrderBy(r => r.QueuePosition).ToList().IndexOf(run) + 1;
        return place == 1 ? "next of these" : $"no. {place} of these";
    }

    private void StopAll()
    {
        _asking = false;
        foreach (var run in Waiting) Act(() => Coordinator.Stop(run.Id));
    }

    private void Act(Action action)
    {
        _error = null;
        try
        {
            action();
        }
        catch (Exception error) when (error is InvalidOperationException or StoreException)
        {
            _error = error.Message;
        }
    }
}
