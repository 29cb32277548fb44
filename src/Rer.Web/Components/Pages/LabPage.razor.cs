using Microsoft.AspNetCore.Components;
using Rer.Engine.Data;
using Rer.Engine.Library;
using Rer.Engine.Playground;
using Rer.Engine.Rewards;
using Rer.Engine.Runs;
using Rer.Web.Formatting;
using Rer.Web.Lab;
using Rer.Web.Plans;

namespace Rer.Web.Components.Pages;

/// <summary>Any text against any gold model and any design.</summary>
public sealed partial class LabPage : IDisposable
{
    private static readonly (string, string)[] Modes = [("one", "One text"), ("two", "Two responses"), ("pairs", "Pair set")];
    private static readonly (QueryType, string)[] Types = [(QueryType.OpenEnded, "Open-ended"), (QueryType.ClosedEnded, "Closed-ended")];

    private readonly CancellationTokenSource _left = new();
    private CancellationToken _leaving;
    private RunPlan _plan = default!;
    private PlanChoices _choices = PlanChoices.None;
    private string _query = "", _response = "", _second = "", _reference = "";
    private string _scoredQuery = "", _scoredResponse = "", _scoredSecond = "";
    private LabResult? _one, _two;
    private LabBench? _bench;
    private (int Done, int Total)? _progress;
    private bool _busy, _begun;
    private string? _error, _designError;

    [Inject] private StartingPlan Starting { get; set; } = default!;

    [Inject] private RunStore Store { get; set; } = default!;

    [Inject] private StudyLibrary Library { get; set; } = default!;

    [Inject] private LabScorer Scorer { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    [SupplyParameterFromQuery(Name = "mode")] private string? ModeParameter { get; set; }

    [SupplyParameterFromQuery(Name = "from")] private string? From { get; set; }

    [SupplyParameterFromQuery(Name = "gold")] private string? Gold { get; set; }

    [SupplyParameterFromQuery(Name = "design")] private string? Design { get; set; }

    [SupplyParameterFromQuery(Name = "type")] private string? TypeParameter { get; set; }

    [SupplyParameterFromQuery(Name = "q")] private string? Query { get; set; }

    [SupplyParameterFromQuery(Name = "a")] private string? A { get; set; }

    [SupplyParameterFromQuery(Name = "b")] private string? B { get; set; }

    [SupplyParameterFromQuery(Name = "ref")] private string? Reference { get; set; }

    [SupplyParameterFromQuery(Name = "pairs")] private string? Pairs { get; set; }

    private string Mode => ModeParameter is "two" or "pairs" ? ModeParameter : "one";

    private QueryType Type => TypeParameter == "ce" ? QueryType.ClosedEnded : QueryType.OpenEnded;

    private string PairFile => Pairs ?? PlaygroundPlans.Find()?.HeldOutPairs ?? "";

    private string Status => _busy ? _progress is { } p ? $"{Display.Count(p.Done)} of {Display.Count(p.Total)} pairs" : "scoring"
        : _one is { } one && Mode != "pairs" ? $"{Display.Plural(one.Words.Count, "word")} scored as {Display.Plural(one.Words.Count, "prefix", "prefixes")} in {Display.Duration(one.Seconds)}. {string.Join(" ", one.Notes)}"
        : "";

    /// <inheritdoc />
    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        _plan = Starting.Of(From);
        _choices = PlanChoices.Find(_plan, Store, Library);
        if (Gold is not null) _plan = _plan with { Gold = Gold == "none" ? null : Gold };
        _designError = null;
        if (Design is not null)
        {
            if (RewardDesign.TryParse(Design, out var design, out var error)) _plan = _plan with { Design = design };
            else _designError = error;
        }
        if (_begun) return;
        _begun = true;
        _leaving = _left.Token;
        (_query, _response, _second, _reference) = (Query ?? "", A ?? "", B ?? "", Reference ?? "");
        if (Query is null && A is null) Example();
        // A link shows what it was copied from.
        if (A is not null && Mode != "pairs") await Run();
    }

    // So that the first press of Score shows something: two answers of the training data to one kind of query.
    private void Example()
    {
        if (!File.Exists(_plan.Data)) return;
        try
        {
            var items = _plan.LoadData().Items.Where(i => i.QueryType != QueryType.ClosedEnded && i.Reference is not null).Take(2).ToArray();
            if (items.Length < 2) return;
            (_query, _reference) = (items[0].Query, items[0].Reference!);
            _response = $"{items[0].Reference} {items[0].Reference}";
            _second = items[0].Reference!;
        }
        catch (DataFileException error)
        {
            _error = error.Message;
        }
    }

    private async Task Score()
    {
        if (Mode != "pairs")
        {
            Navigation.NavigateTo(
                Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["q"] = _query, ["a"] = _response, ["b"] = Mode == "two" ? _second : null, ["ref"] = _reference.Length > 0 ? _reference : null }),
                replace: true);
        }
        await Run();
    }

    private async Task Run()
    {
        (_busy, _error, _progress) = (true, null, null);
        try
        {
            if (Mode == "pairs")
            {
                _bench = await Scorer.Bench(_plan, PairFile, (done, total) => InvokeAsync(() => { _progress = (done, total); StateHasChanged(); }), _leaving);
                return;
            }
            _one = await Scorer.Score(new LabRequest(_plan, _query, _response, _reference, Type), _leaving);
            _two = Mode == "two" ? await Scorer.Score(new LabRequest(_plan, _query, _second, _reference, Type), _leaving) : null;
            (_scoredQuery, _scoredResponse, _scoredSecond) = (_query, _response, _second);
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
        catch (Exception error)
        {
            // Files, models and native libraries can each be wrong in their own way; the page says which and goes on.
            _error = error.Message;
        }
        finally
        {
            _busy = false;
        }
    }

    private void Set(string name, string? value)
    {
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter(name, string.IsNullOrEmpty(value) ? null : value), replace: true);
    }
}
