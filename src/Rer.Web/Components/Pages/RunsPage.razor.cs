using Microsoft.AspNetCore.Components;
using Rer.Engine.Evaluation;
using Rer.Engine.Runs;
using Rer.Web.Charts;
using Rer.Web.Formatting;
using Rer.Web.Listing;

namespace Rer.Web.Components.Pages;

/// <summary>Every run of the store.</summary>
public sealed partial class RunsPage
{
    private static readonly (bool, string)[] Groupings = [(false, "Group by design"), (true, "Flat")];
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly HashSet<string> _selected = [];
    private readonly HashSet<string> _closed = [];
    private IReadOnlyList<RunSummary> _runs = [];
    private IReadOnlyList<RunGroup> _groups = [];
    private IReadOnlyList<string> _tags = [];
    private int _total;

    [Inject] private RunStore Store { get; set; } = default!;

    [Inject] private RunFeed Feed { get; set; } = default!;

    [Inject] private VerdictCache Verdicts { get; set; } = default!;

    [Inject] private ChartModule Module { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    [SupplyParameterFromQuery(Name = "q")] private string? Text { get; set; }

    [SupplyParameterFromQuery(Name = "state")] private string? StateName { get; set; }

    [SupplyParameterFromQuery(Name = "verdict")] private string? VerdictName { get; set; }

    [SupplyParameterFromQuery(Name = "tag")] private string? Tag { get; set; }

    [SupplyParameterFromQuery(Name = "starred")] private bool Starred { get; set; }

    [SupplyParameterFromQuery(Name = "flat")] private bool Flat { get; set; }

    [SupplyParameterFromQuery(Name = "sort")] private string? SortName { get; set; }

    private RunListState State => new()
    {
        Text = Text ?? "",
        State = Enum.TryParse<RunState>(StateName, true, out var state) ? state : null,
        Verdict = Enum.TryParse<Verdict>(VerdictName, true, out var verdict) ? verdict : null,
        Tag = Tag,
        Starred = Starred,
        Flat = Flat,
        Sort = Enum.TryParse<RunSort>(SortName, true, out var sort) ? sort : RunSort.Launched,
    };

    private string Counted => _runs.Count == _total ? Display.Plural(_total, "run") : $"{Display.Count(_runs.Count)} of {Display.Count(_total)} shown";

    private string SelectedNames => string.Join(", ", _runs.Where(r => _selected.Contains(r.Run.Id)).Take(4).Select(r => r.Name)) + (_selected.Count > 4 ? ", ..." : "");

    /// <inheritdoc />
    protected override Task OnInitializedAsync() => Follow(async left =>
    {
        using var changes = Feed.Subscribe(Interval);
        while (true)
        {
            await changes.NextAsync(left);
            Read();
            StateHasChanged();
            await JudgeAll(left);
        }
    });

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        Read();
        await JudgeAll(CancellationToken.None);
    }

    private void Read()
    {
        var state = State;
        var all = Store.Runs();
        _total = all.Count;
        _tags = [.. all.SelectMany(r => r.Tags).Distinct().Order(StringComparer.OrdinalIgnoreCase)];
        _runs = [.. (state.Filters ? Store.Runs(state.Filter) : all).Select(r => new RunSummary(r))];
        Arrange();
    }

    private void Arrange()
    {
        var state = State;
        if (state.Verdict is { } wanted) _runs = [.. _runs.Where(r => VerdictOf(r.Run) == wanted)];
        _groups = state.Arrange(_runs, r => Verdicts.Known(r.Run)?.Raw.Rho ?? double.NaN);
        _selected.IntersectWith(_runs.Select(r => r.Run.Id));
    }

    private Verdict VerdictOf(RunRecord run) => Verdicts.Known(run)?.Verdict ?? Verdict.TooFewPoints;

    // A list of hundreds is shown at once; the verdicts that are not known yet come in as they are judged.
    private async Task JudgeAll(CancellationToken left)
    {
        var unknown = _runs.Select(r => r.Run).Where(r => !Verdicts.IsKnown(r)).ToArray();
        foreach (var some in unknown.Chunk(20))
        {
            await Task.Run(() => Array.ForEach(some, r => Verdicts.Judge(r)), left);
            if (left.IsCancellationRequested) return;
            Arrange();
            StateHasChanged();
        }
    }

    private void Set(string name, string? value) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter(name, string.IsNullOrEmpty(value) ? null : value), replace: true);

    private void Star(RunRecord run)
    {
        Store.SetStarred(run.Id, !run.Starred);
        Read();
    }

    private void Annotate((string Id, string? Note, IEnumerable<string>? Tags) change)
    {
        if (change.Note is { } note) Store.SetNote(change.Id, note);
        if (change.Tags is { } tags) Store.SetTags(change.Id, tags);
        Read();
    }

    private void StarSelected()
    {
        foreach (var id in _selected) Store.SetStarred(id, true);
        Read();
    }

    private void SelectionChanged() => StateHasChanged();

    private void ClearSelection() => _selected.Clear();

    private async Task SaveCsv() => await Module.SaveText(RunCsv.Write(_runs, Verdicts), "runs.csv", "text/csv");
}
