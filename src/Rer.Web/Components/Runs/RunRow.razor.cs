using Microsoft.AspNetCore.Components;
using Rer.Web.RunList;

namespace Rer.Web.Components.Runs;

/// <summary>One run in the table.</summary>
public sealed partial class RunRow
{
    private bool _editingTags;
    private bool _editingNote;
    private bool _focus;
    private ElementReference _input;

    /// <summary>The run.</summary>
    [Parameter, EditorRequired] public RunSummary Run { get; set; } = default!;

    /// <summary>What is shown of it.</summary>
    [Parameter] public RunColumns Columns { get; set; } = RunColumns.Usual;

    /// <summary>The options on which the runs of the list differ.</summary>
    [Parameter] public ListedAxes Axes { get; set; } = ListedAxes.None;

    /// <summary>Stands beneath its plan's row, or its sweep's.</summary>
    [Parameter] public bool Seed { get; set; }

    /// <summary>Says its design: those above and beneath it have others.</summary>
    [Parameter] public bool NameDesign { get; set; }

    /// <summary>Its place in the queue, from 1; null where it does not wait there.</summary>
    [Parameter] public int? Place { get; set; }

    /// <summary>Whether it is selected.</summary>
    [Parameter] public bool Selected { get; set; }

    /// <summary>It was selected, or no longer is.</summary>
    [Parameter] public EventCallback<bool> SelectedChanged { get; set; }

    /// <summary>Its star was pressed.</summary>
    [Parameter] public EventCallback Star { get; set; }

    /// <summary>Its note or tags were written.</summary>
    [Parameter] public EventCallback<(string Id, string? Note, IEnumerable<string>? Tags)> Annotate { get; set; }

    // What the columns say on a wide screen.
    private string Apart => Axes.Apart(Run.Run.Plan);

    private string Name => Apart.Length > 0 ? $"{Run.Name}, {Apart}" : Run.Name;

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!_focus) return;
        _focus = false;
        await _input.FocusAsync();
    }

    private void EditTags() => _editingTags = _focus = true;

    private void EditNote() => _editingNote = _focus = true;

    private Task SetTags(ChangeEventArgs e)
    {
        _editingTags = false;
        return Annotate.InvokeAsync((Run.Run.Id, null, (e.Value?.ToString() ?? "").Split(',')));
    }

    private Task SetNote(ChangeEventArgs e)
    {
        _editingNote = false;
        return Annotate.InvokeAsync((Run.Run.Id, e.Value?.ToString() ?? "", null));
    }
}
