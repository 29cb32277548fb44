using Microsoft.AspNetCore.Components;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Storage;
using Rer.Web.Charts;
using Rer.Web.Compare;
using Rer.Web.Formatting;

namespace Rer.Web.Components.Pages;

/// <summary>Designs side by side: chosen runs, or the runs of one sweep.</summary>
public sealed partial class ComparePage
{
    private static readonly (bool, string)[] SeedModes = [(false, "Mean and range"), (true, "Every seed")];
    private static readonly (bool, string)[] ScaleModes = [(false, "Normalised"), (true, "Raw")];
    private const int MostSweeps = 3, MostDesigns = 6;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private IReadOnlyList<RunRecord> _runs = [];
    private IReadOnlyList<RunRecord> _choices = [];
    private Comparison? _comparison;
    private string? _shown;
    private bool _adding;

    [Inject] private IRunStore Store { get; set; } = default!;

    [Inject] private RunFeed Feed { get; set; } = default!;

    [Inject] private ChartModule Module { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    /// <summary>The sweep, where the page is one sweep's.</summary>
    [Parameter] public string? SweepId { get; set; }

    [SupplyParameterFromQuery(Name = "runs")] private string? Ids { get; set; }

    [SupplyParameterFromQuery(Name = "scale")] private string? ScaleName { get; set; }

    [SupplyParameterFromQuery(Name = "seeds")] private string? Seeds { get; set; }

    [SupplyParameterFromQuery(Name = "numbers")] private string? Numbers { get; set; }

    private bool Raw => ScaleName == "raw";

    private Scale Scale => Raw ? Scale.Raw : Scale.ZScore;

    private bool EverySeed => Seeds == "each";

    private string Title => SweepId is null ? "Compare" : _runs is [{ SweepName: { } name }, ..] ? $"Sweep: {name}" : "Sweep";

    /// <inheritdoc />
    protected override Task OnInitializedAsync() => FollowRuns(Feed, Interval, Read);

    /// <inheritdoc />
    protected override void OnParametersSet() => Read();

    private void Read()
    {
        _choices = Store.Runs();
        var ids = Ids?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];
        _runs = SweepId is not null
            ? Sweep.Of(_choices.Where(r => r.SweepId == SweepId)) is [{ Runs: var runs }] ? runs : []
            : [.. ids.Select(id => _choices.FirstOrDefault(r => r.Id == id)).OfType<RunRecord>()];
        // The figures change with evaluations, not with every step.
        var shown = string.Join('\n', _runs.Select(r => $"{r.Id} {r.Points.Count} {r.State is RunState.Running or RunState.Starting}"));
        if (shown == _shown) return;
        _shown = shown;
        _comparison = Comparison.Of(_runs, Store);
    }

    /// <summary>What there is to compare where nothing was chosen: the newest sweeps, and the newest run of each design.</summary>
    private List<(string Title, string Address)> Offers()
    {
        var evaluated = _choices.Where(r => r.Points.Count > 0).ToArray();
        List<(string, string)> offers =
            [.. Sweep.Of(evaluated).Take(MostSweeps).Select(s => ($"Sweep: {s.Name}", $"sweeps/{s.Id}"))];
        var newest = evaluated.DistinctBy(r => r.DesignHash).Take(MostDesigns).ToArray();
        if (newest.Length > 1)
            offers.Add((
                $"Newest run of each design: {string.Join(", ", newest.Select(r => r.Plan.Design.Title))}",
                $"compare?runs={string.Join(',', newest.Select(r => r.Id))}"));
        return offers;
    }

    // `2 designs, 3 plans, 6 runs`: plans are counted where a design stands in several.
    private static string Counted(Comparison comparison)
    {
        var designs = comparison.Groups.Select(g => g.Design).Distinct().Count();
        var plans = comparison.Groups.Count > designs ? $", {Display.Plural(comparison.Groups.Count, "plan")}" : "";
        return $"{Display.Plural(designs, "design")}{plans}, {Display.Plural(comparison.Groups.Sum(g => g.Runs.Count), "run")}";
    }

    private void Choose(IEnumerable<string> ids) => Set("runs", string.Join(',', ids));

    private void Set(string name, string? value) =>
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter(name, string.IsNullOrEmpty(value) ? null : value), replace: true);

    private async Task SaveFigure(string format) => await Module.SaveGrid(
        ".cmpgrid .plot", _comparison!.Groups.Count, format, "compare", [.. _comparison.Groups.Select(d => d.Title)],
            [.. CompareCharts.Rows(_comparison).Select(row => CompareCharts.Head(row, Scale))]);

    private async Task SaveCsv()
    {
        var tables = CompareCharts.Rows(_comparison!).Select(row =>
            CompareCharts.Numbers(_comparison!, row, row == CompareRow.ProxyAndGold ? Scale : Scale.Raw).ToCsv());
        await Module.SaveText(string.Join("\r\n", tables), "compare.csv", "text/csv");
    }
}
