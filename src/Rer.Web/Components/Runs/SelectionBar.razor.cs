using Microsoft.AspNetCore.Components;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Queue;
using Rer.Engine.Storage;
using Rer.Web.RunList;

namespace Rer.Web.Components.Runs;

/// <summary>What can be done with the runs that are selected.</summary>
public sealed partial class SelectionBar
{
    private const int NamesShown = 4;

    private bool _tagging;
    private bool _deleting;
    private bool _focus;
    private string _tag = "";
    private string? _error;
    private ElementReference _input;

    [Inject] private IRunStore Store { get; set; } = default!;

    [Inject] private RunCoordinator Coordinator { get; set; } = default!;

    /// <summary>The runs.</summary>
    [Parameter, EditorRequired] public IReadOnlyList<RunSummary> Runs { get; set; } = [];

    /// <summary>Runs were written to or deleted.</summary>
    [Parameter] public EventCallback Changed { get; set; }

    /// <summary>Saves them as CSV.</summary>
    [Parameter] public EventCallback Export { get; set; }

    /// <summary>Takes the selection away.</summary>
    [Parameter] public EventCallback Clear { get; set; }

    private string Names => string.Join(", ", Runs.Take(NamesShown).Select(r => r.Name)) + (Runs.Count > NamesShown ? ", …" : "");

    private bool AllStarred => Runs.All(r => r.Run.Starred);

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!_focus) return;
        _focus = false;
        await _input.FocusAsync();
    }

    private void BeginTag() => (_tagging, _focus, _tag) = (true, true, "");

    private Task Tag() => Act(run => Store.SetTags(run.Id, run.Tags.Append(_tag)));

    private Task Star()
    {
        var starred = !AllStarred;
        return Act(run => Store.SetStarred(run.Id, starred));
    }

    private Task Delete() => Act(run => Coordinator.Delete(run.Id));

    private async Task Act(Action<RunRecord> action)
    {
        _error = null;
        try
        {
            foreach (var run in Runs) action(run.Run);
            _tagging = _deleting = false;
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or StoreException)
        {
            _error = error.Message;
        }
        await Changed.InvokeAsync();
    }
}
