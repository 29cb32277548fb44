using Microsoft.AspNetCore.Components;
using Rer.Engine.Evaluation.Judges;
using Rer.Engine.Options;
using Rer.Engine.Playground;
using Rer.Engine.Rewards;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Queue;
using Rer.Engine.Storage;
using Rer.Web.Charts;
using Rer.Web.Formatting;
using Rer.Web.RunList;

namespace Rer.Web.Components.Pages;

/// <summary>Every run of the store.</summary>
public sealed partial class RunsPage
{
    private static readonly (RunGrouping, string)[] Groupings =
        [(RunGrouping.Plan, "By plan"), (RunGrouping.Sweep, "By sweep"), (RunGrouping.None, "Flat")];
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly HashSet<string> _selected = [];
    private IReadOnlyList<RunSummary> _runs = [];
    private IReadOnlyList<ListedGroup> _groups = [];
    private ListedAxes _axes = ListedAxes.None;
    private IReadOnlyList<string> _tags = [];
    private IReadOnlyDictionary<string, int> _places = new Dictionary<string, int>();
    // The filter as it is typed. The address follows letter by letter, a round trip behind.
    private string _filter = "";
    private string _asked = "";
    private readonly List<string> _typed = [];
    private string? _error;
    private bool _launching;
    private bool _choosing;
    private int _total;

    [Inject] private IRunStore Store { get; set; } = default!;

    [Inject] private RunFeed Feed { get; set; } = default!;

    [Inject] private RunCoordinator Coordinator { get; set; } = default!;

    [Inject] private ChartModule Module { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    [SupplyParameterFromQuery(Name = "q")] private string? Text { get; set; }

    [SupplyParameterFromQuery(Name = "state")] private string? StateName { get; set; }

    [SupplyParameterFromQuery(Name = "verdict")] private string? VerdictName { get; set; }

    [SupplyParameterFromQuery(Name = "tag")] private string? Tag { get; set; }

    [SupplyParameterFromQuery(Name = "starred")] private bool Starred { get; set; }

    [SupplyParameterFromQuery(Name = "group")] private string? GroupName { get; set; }

    [SupplyParameterFromQuery(Name = "open")] private string? OpenGroups { get; set; }

    [SupplyParameterFromQuery(Name = "sort")] private string? SortName { get; set; }

    [SupplyParameterFromQuery(Name = "cols")] private string? ColumnNames { get; set; }

    private RunColumns Columns => RunColumns.Parse(ColumnNames);

    private RunListState State => new()
    {
        Text = Text ?? "",
        State = Enum.TryParse<RunState>(StateName, true, out var state) ? state : null,
        Verdict = Enum.TryParse<Verdict>(VerdictName, true, out var verdict) ? verdict : null,
        Tag = Tag,
        Starred = Starred,
        Grouping = Enum.TryParse<RunGrouping>(GroupName, true, out var grouping) ? grouping : RunGrouping.Plan,
        Open = (OpenGroups ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).ToHashSet(),
        Sort = Enum.TryParse<RunSort>(SortName, true, out var sort) ? sort : RunSort.Launched,
    };

    private string Counted =>
        _runs.Count == _total ? Display.Plural(_total, "run") : $"{Display.Count(_runs.Count)} of {Display.Count(_total)} shown";

    private IReadOnlyList<RunSummary> SelectedRuns =>
        [.. _runs.Where(r => _selected.Contains(r.Run.Id)).OrderBy(r => r.Run.Id, StringComparer.Ordinal)];

    private IReadOnlyList<string> Foldable => [.. _groups.Where(g => g.HasHeading).Select(g => g.Id)];

    private bool AllOpen => Foldable.All(State.Open.Contains);

    /// <inheritdoc />
    protected override Task OnInitializedAsync() => FollowRuns(Feed, Interval, Read);

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        if ((Text ?? "") is var asked && asked != _asked)
        {
            _asked = asked;
            // What was typed a moment ago must not take the place of what has been typed since.
            if (!_typed.Remove(asked)) _filter = asked;
            if (asked == _filter) _typed.Clear();
        }
        Read();
    }

    private void Type(string? text)
    {
        _filter = text ?? "";
        _typed.Add(_filter);
        Set("q", _filter);
    }

    private void Read()
    {
        var state = State;
        var all = Store.Runs();
        _total = all.Count;
        _tags = [.. all.SelectMany(r => r.Tags).Distinct().Order(StringComparer.OrdinalIgnoreCase)];
        _places = QueueStatus.Of(all);
        _runs = state.Filters ? state.Find(Store) : [.. all.Select(r => new RunSummary(r))];
        _groups = state.Arrange(_runs);
        _axes = ListedAxes.Of(_runs);
        _selected.IntersectWith(_runs.Select(r => r.Run.Id));
    }

    private void Toggle(string group)
    {
        var open = State.Open.ToHashSet();
        if (!open.Remove(group)) open.Add(group);
        Set("open", string.Join(',', open.Order(StringComparer.Ordinal)));
    }

    private void Set(string name, string? value) =>
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter(name, string.IsNullOrEmpty(value) ? null : value), replace: true);

    private void Star(RunRecord run)
    {
        Store.SetStarred(run.Id, !run.Starred);
        Read();
    }

    private void Annotate((string Id, string? Note, IEnumerable<string>? Tags) change)
    {
        _error = null;
        try
        {
            if (change.Note is { } note) Store.SetNote(change.Id, note);
            if (change.Tags is { } tags) Store.SetTags(change.Id, tags);
        }
        catch (Exception error) when (error is ArgumentException or StoreException)
        {
            _error = error.Message;
        }
        Read();
    }

    private async Task RunStudy()
    {
        (_launching, _error) = (true, null);
        try
        {
            var plan = PlaygroundPlans.Find()!.Plan(RewardDesign.Presets[^1].Design);
            // Checking the plans reads their data; the page stays alive meanwhile.
            var ids = await Task.Run(() => Coordinator.LaunchSweep(PlaygroundPlans.Study(plan), "study in miniature"));
            Navigation.NavigateTo($"/sweeps/{Store.Run(ids[0])!.SweepId}");
        }
        catch (Exception error) when (error is PlanException or StoreException)
        {
            _error = error.Message;
        }
        finally
        {
            _launching = false;
        }
    }

    private async Task SaveCsv(IReadOnlyList<RunSummary> runs) => await Module.SaveText(RunCsv.Write(runs), "runs.csv", "text/csv");
}
