using Microsoft.AspNetCore.Components;
using Rer.Engine.Runs;
using Rer.Web.RunList;

namespace Rer.Web.Components.Runs;

/// <summary>The runs as a table: seeds beneath their plan, or each run by itself.</summary>
public sealed partial class RunTable
{
    /// <summary>What is shown, in order.</summary>
    [Parameter, EditorRequired] public IReadOnlyList<ListedGroup> Groups { get; set; } = [];

    /// <summary>What is shown of each run.</summary>
    [Parameter] public RunColumns Columns { get; set; } = RunColumns.Usual;

    /// <summary>The options on which the runs differ.</summary>
    [Parameter] public ListedAxes Axes { get; set; } = ListedAxes.None;

    /// <summary>The order.</summary>
    [Parameter] public RunSort Sort { get; set; }

    /// <summary>Ids of the selected runs; changed in place.</summary>
    [Parameter, EditorRequired] public HashSet<string> Selected { get; set; } = [];

    /// <summary>Ids of the groups whose runs are shown.</summary>
    [Parameter] public IReadOnlySet<string> Open { get; set; } = new HashSet<string>();

    /// <summary>The reader opened or folded a group.</summary>
    [Parameter] public EventCallback<string> Toggle { get; set; }

    /// <summary>Places in the queue, by run.</summary>
    [Parameter] public IReadOnlyDictionary<string, int> Places { get; set; } = new Dictionary<string, int>();

    /// <summary>The reader chose another order.</summary>
    [Parameter] public EventCallback<RunSort> SortChanged { get; set; }

    /// <summary>The selection changed.</summary>
    [Parameter] public EventCallback SelectionChanged { get; set; }

    /// <summary>Stars a run, or takes its star away.</summary>
    [Parameter] public EventCallback<RunRecord> Star { get; set; }

    /// <summary>Sets a run's note or tags.</summary>
    [Parameter] public EventCallback<(string Id, string? Note, IEnumerable<string>? Tags)> Annotate { get; set; }

    private List<(ListedGroup Group, RunSummary? Run)> Rows
    {
        get
        {
            var rows = new List<(ListedGroup, RunSummary?)>();
            foreach (var group in Groups)
            {
                if (group.HasHeading) rows.Add((group, null));
                if (!group.HasHeading || Open.Contains(group.Id)) rows.AddRange(group.Runs.Select(r => (group, (RunSummary?)r)));
            }
            return rows;
        }
    }

    private bool AllSelected => Groups.Count > 0 && Groups.All(g => g.Runs.All(r => Selected.Contains(r.Run.Id)));

    private RenderFragment Heading(string text, RunSort sort, bool number = false, string? tip = null, bool keep = false) => builder =>
    {
        builder.OpenElement(0, "th");
        builder.AddAttribute(1, "scope", "col");
        if (number) builder.AddAttribute(2, "class", keep ? "num keep" : "num");
        builder.AddAttribute(3, "aria-sort", Sort == sort ? (sort == RunSort.Design ? "ascending" : "descending") : null);
        builder.OpenElement(4, "button");
        builder.AddAttribute(5, "class", Sort == sort ? "heading sorted" : "heading");
        builder.AddAttribute(6, "type", "button");
        builder.AddAttribute(7, "title", tip);
        builder.AddAttribute(8, "onclick",
            EventCallback.Factory.Create(this, () => SortChanged.InvokeAsync(Sort == sort ? RunSort.Launched : sort)));
        builder.AddContent(9, text);
        builder.CloseElement();
        builder.CloseElement();
    };

    private Task SelectAll(ChangeEventArgs e) => Select(Groups.SelectMany(g => g.Runs).Select(r => r.Run.Id), e.Value is true);

    private async Task Select(IEnumerable<string> ids, bool on)
    {
        if (on) Selected.UnionWith(ids);
        else Selected.ExceptWith(ids);
        await SelectionChanged.InvokeAsync();
    }
}
