using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation;
using Rer.Engine.Evaluation.Statistics;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Events;
using Rer.Engine.Storage;
using Rer.Web.Charts;
using Rer.Web.Formatting;
using Rer.Web.Rollouts;

namespace Rer.Web.Components.Pages;

/// <summary>What the policy said at each checkpoint, and what proxy and gold made of it.</summary>
public sealed partial class RolloutsPage
{
    private static readonly (RolloutSort, string)[] Sorts =
    [
        (RolloutSort.Disagreement, "Disagreement of ranks"), (RolloutSort.Proxy, "Proxy, highest first"),
        (RolloutSort.Gold, "Gold, lowest first"),
        (RolloutSort.Length, "Length, longest first"), (RolloutSort.Item, "Order of the data"),
    ];

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private RunRecord? _run;
    private IReadOnlyList<EvaluationReport> _evaluations = [];
    private MonotonicityReport? _found;
    private IReadOnlyList<RankedRollout> _rows = [];
    private int _total;
    private int _ranked;
    private int? _item;
    private IReadOnlyList<RankedRollout> _answers = [];
    private string? _loaded;
    private (string Id, int Points, int Last) _read;

    [Inject] private IRunStore Store { get; set; } = default!;

    [Inject] private RunFeed Feed { get; set; } = default!;

    [Inject] private ChartModule Module { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    /// <summary>The run's id.</summary>
    [Parameter] public string Id { get; set; } = "";

    [SupplyParameterFromQuery(Name = "step")] private int? StepParameter { get; set; }

    [SupplyParameterFromQuery(Name = "type")] private string? Type { get; set; }

    [SupplyParameterFromQuery(Name = "q")] private string? Text { get; set; }

    [SupplyParameterFromQuery(Name = "sort")] private string? Sort { get; set; }

    [SupplyParameterFromQuery(Name = "cut")] private bool CutOff { get; set; }

    [SupplyParameterFromQuery(Name = "k")] private int? Response { get; set; }

    [SupplyParameterFromQuery(Name = "item")] private int? Item { get; set; }

    [SupplyParameterFromQuery(Name = "show")] private string? Show { get; set; }

    [SupplyParameterFromQuery(Name = "diff")] private string? Diff { get; set; }

    [SupplyParameterFromQuery(Name = "under")] private string? Under { get; set; }

    private RolloutState State => new()
    {
        Step = StepParameter,
        Type = Type switch { "oe" => QueryType.OpenEnded, "ce" => QueryType.ClosedEnded, _ => null },
        Text = Text ?? "",
        Sort = Enum.TryParse<RolloutSort>(Sort, true, out var sort) ? sort : RolloutSort.Disagreement,
        CutOff = CutOff,
        Sample = Math.Clamp((Response ?? 1) - 1, 0, Math.Max(0, (_run?.Plan.Evaluation.Responses ?? 1) - 1)),
        Item = Item,
        Shown = Show?.Split(',').Select(s => int.TryParse(s, CultureInfo.InvariantCulture, out var step) ? step : -1).Where(s => s >= 0)
            .ToArray(),
        Diff = Enum.TryParse<DiffBase>(Diff, true, out var diff) ? diff : DiffBase.Previous,
        Under = Under,
    };

    // A step that was not evaluated shows the evaluation before it.
    private int Step => _evaluations.LastOrDefault(e => e.Step <= (StepParameter ?? int.MaxValue))?.Step ?? _evaluations[0].Step;

    private string Counted
    {
        get
        {
            var at = _rows.ToList().FindIndex(r => r.Rollout.Item == _item);
            var of = _total > _rows.Count ? $"{Display.Count(_rows.Count)} shown of {Display.Count(_total)}" : Display.Count(_total);
            return at < 0 ? of : $"no. {at + 1} of {of}";
        }
    }

    private IReadOnlyList<(QueryType?, string)> TypeOptions
    {
        get
        {
            var types = _evaluations[^1].Types;
            return
            [
                (null, $"All {Display.Count(types.Length)}"),
                .. QueryTypes.All.Where(t => types.Contains(t))
                    .Select(t => ((QueryType?)t, $"{Names.Of(t)} {Display.Count(types.Count(x => x == t))}")),
            ];
        }
    }

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        Read();
        if (_loaded == Id) return;
        _loaded = Id;
        await Follow(async left =>
        {
            using var changes = Feed.Subscribe(Interval);
            while (true)
            {
                var changed = await changes.NextAsync(left);
                if (!changed.Contains(Id) && !changed.Contains(RunFeed.AnyRun)) continue;
                if (Store.Run(Id)?.Points.Count == _evaluations.Count) continue;
                Read();
                StateHasChanged();
            }
        });
    }

    private void Read()
    {
        _run = Store.Run(Id);
        if (_run is null) return;
        // Every query's scores of every checkpoint: read again only where there are others, not at every letter of a search.
        var read = (Id, _run.Points.Count, _run.Points.Count == 0 ? -1 : _run.Points[^1].Step);
        var fresh = read != _read;
        if (fresh) (_read, _evaluations) = (read, Store.Evaluations(Id));
        if (_evaluations.Count == 0) return;
        _found = _run.Monotonicity;
        var page = Store.Rollouts(State.Query(Id, Step));
        (_rows, _total) = (page.Rows, page.Total);
        _ranked = Store.Rollouts(new RolloutQuery { RunId = Id, Step = Step, Limit = 0 }).Total;
        var before = _item;
        _item = Item ?? (_rows.Count > 0 ? _rows[0].Rollout.Item : null);
        if (fresh || _item != before)
            _answers =
                _item is null ? [] : Store.Rollouts(new RolloutQuery { RunId = Id, Item = _item, Limit = RolloutQuery.MaxLimit }).Rows;
    }

    private string ItemAddress(int item) => Navigation.GetUriWithQueryParameter("item", item);

    private void Move(int by)
    {
        var at = _rows.ToList().FindIndex(r => r.Rollout.Item == _item) + by;
        if (at >= 0 && at < _rows.Count) Set("item", $"{_rows[at].Rollout.Item}");
    }

    private void Set(string name, string? value) =>
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter(name, string.IsNullOrEmpty(value) ? null : value), replace: true);

    private async Task SaveAlpacaEval()
    {
        var rows = new List<object>();
        for (var offset = 0; ; offset += RolloutQuery.MaxLimit)
        {
            var page = Store.Rollouts(
                new RolloutQuery { RunId = Id, Step = Step, Sample = State.Sample, Offset = offset, Limit = RolloutQuery.MaxLimit });
            rows.AddRange(
                page.Rows.Select(
                    r => new
                    {
                        instruction = r.Rollout.Query,
                        output = r.Rollout.Response,
                        generator = $"{Id}-step{Step}",
                        dataset = r.Rollout.Dataset ?? ""
                    }));
            if (page.Rows.Count < RolloutQuery.MaxLimit) break;
        }
        await Module.SaveText(JsonSerializer.Serialize(rows, RunJson.Indented), $"{Id}-step{Step}.json", "application/json");
    }
}
