using Microsoft.AspNetCore.Components;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Comparing;
using Rer.Engine.Runs.Queue;
using Rer.Engine.Storage;
using Rer.Web.Formatting;
using Rer.Web.RunList;

namespace Rer.Web.Components.Compare;

/// <summary>Where each run of a sweep stands, and what can be done with it, or with all of them.</summary>
public sealed partial class SweepProgress
{
    private IReadOnlyList<RunSummary> _rows = [];
    // What the runs differ in besides their design, which their name says, and their seed.
    private IReadOnlyList<PlanAxis> _axes = [];
    private ListedAxes _apart = ListedAxes.None;
    private IReadOnlyDictionary<string, int> _places = new Dictionary<string, int>();
    private IReadOnlyList<string> _queue = [];
    private double _seconds;
    private bool _asking;
    private string? _error;

    [Inject] private RunCoordinator Coordinator { get; set; } = default!;

    [Inject] private IRunStore Store { get; set; } = default!;

    /// <summary>The sweep.</summary>
    [Parameter, EditorRequired] public string SweepId { get; set; } = "";

    /// <summary>The sweep's runs, in the order of the queue.</summary>
    [Parameter, EditorRequired] public IReadOnlyList<RunRecord> Runs { get; set; } = [];

    /// <summary>Something was done with the runs.</summary>
    [Parameter] public EventCallback Changed { get; set; }

    private IReadOnlyList<RunRecord> Unfinished =>
        [.. Runs.Where(r => r.State is RunState.Queued or RunState.Paused or RunState.Running or RunState.Starting)];

    private string Summary
    {
        get
        {
            var done = $"{Display.Count(Runs.Count(r => r.State == RunState.Finished))} of {Display.Plural(Runs.Count, "run")} finished, "
                + "one after another on one device";
            if (Unfinished.Count == 0) return done;
            return double.IsFinite(_seconds) ? $"{done}; {Display.Duration(_seconds)} left"
                : $"{done}; time left is known once the first has made some steps";
        }
    }

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        _rows = [.. Runs.Select(r => new RunSummary(r))];
        _axes = [.. PlanAxis.Of(Runs.Select(r => r.Plan)).Where(axis => axis.Name != "design")];
        _apart = ListedAxes.Of(_rows);
        var waiting = Store.Runs(new RunFilter { States = [RunState.Queued, RunState.Paused] });
        _places = QueueStatus.Of(waiting);
        _queue = [.. waiting.Where(r => r.QueuePosition is not null).OrderBy(r => r.QueuePosition).Select(r => r.Id)];
        _seconds = QueueStatus.SecondsOf(Unfinished, Store);
    }

    private bool Can(params RunState[] states) => Runs.Any(r => states.Contains(r.State));

    private string Name(RunSummary row) => _apart.Apart(row.Run.Plan) is { Length: > 0 } apart ? $"{row.Name}, {apart}" : row.Name;

    private int PlaceInQueue(RunRecord run) => _queue.ToList().IndexOf(run.Id);

    private Task StopAll()
    {
        _asking = false;
        return Act(() => Coordinator.StopSweep(SweepId));
    }

    private async Task Act(Action action)
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
        await Changed.InvokeAsync();
    }
}
