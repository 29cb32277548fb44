using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Rer.Engine.Data;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Library;
using Rer.Engine.Playground;
using Rer.Engine.Rewards;
using Rer.Engine.Rewards.Custom;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Storage;
using Rer.Web.Access;
using Rer.Web.Formatting;
using Rer.Web.Lab;
using Rer.Web.Plans;
using Rer.Web.Preview;

namespace Rer.Web.Components.Pages;

/// <summary>Any text against any gold model and any design.</summary>
public sealed partial class LabPage : IDisposable
{
    /// <summary>Longest address; beyond it the texts stay out, for servers on the way refuse longer ones.</summary>
    private const int LongestAddress = 30_000;

    /// <summary>Most seconds a scoring may take for the curves to follow what is typed.</summary>
    private const double QuickSeconds = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.4);
    private static readonly (string, string)[] Modes = [("one", "One text"), ("two", "Two responses"), ("pairs", "Pair set")];
    private static readonly (bool, string)[] Types = [(false, "Open-ended"), (true, "Closed-ended")];

    // Addresses the page wrote itself and has not heard of yet: they are behind what was typed since.
    private readonly HashSet<string> _written = [];
    private CancellationTokenSource? _scoring;
    private LabState _state = new(), _shown = new();
    private string _shownDesign = "";
    private RunPlan _plan = default!;
    private PlanChoices _choices = PlanChoices.None;
    private LabResult? _one, _two;
    private LabBench? _bench;
    private (int Done, int Total)? _progress;
    private bool _busy, _begun, _tooLong;
    private string? _error, _designError;

    [Inject] private StartingPlan Starting { get; set; } = default!;

    [Inject] private IRunStore Store { get; set; } = default!;

    [Inject] private StudyLibrary Library { get; set; } = default!;

    [Inject] private FeatureCatalog Features { get; set; } = default!;

    [Inject] private LabScorer Scorer { get; set; } = default!;

    [Inject] private DataRoots Roots { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    private static IEnumerable<string> PairFiles => PlaygroundPlans.Find() is { } shipped ? [shipped.HeldOutPairs] : [];

    private string PairFile => _state.Pairs ?? PairFiles.FirstOrDefault() ?? "";

    private string Status
    {
        get
        {
            if (_state.Mode == "pairs")
                return _busy && _progress is { } p ? $"{Display.Count(p.Done)} of {Display.Plural(p.Total, "pair")} scored"
                    : _busy ? "Waiting for the gold model."
                    : _bench is { } b ? $"{Display.Plural(b.Gold.Accuracy.Count, "pair")} scored in {Display.Duration(b.Seconds)}." : "";
            if (_busy && _one is null) return "Waiting for the gold model, then every prefix is scored.";
            if (_one is not { } one) return "";
            var seconds = one.Seconds + (_state.Mode == "two" ? _two?.Seconds ?? 0 : 0);
            var words = one.Words.Count + (_state.Mode == "two" ? _two?.Words.Count ?? 0 : 0);
            return string.Join(' ', Notes(one).Prepend(Follows ? "The curve redraws 0.4 s after the last key." : "Press Score to redraw.")
                .Prepend(
                    $"{Display.Plural(words, "word")} scored as {Display.Plural(words, "prefix", "prefixes")} in "
                        + $"{Display.Duration(seconds)}.")
                .Concat(_tooLong ? ["These texts are too long for a link."] : Array.Empty<string>()));
        }
    }

    // Of two responses both may have something to say.
    private IEnumerable<string> Notes(LabResult one) => _state.Mode == "two" && _two is { } two
        ? one.Notes.Union(two.Notes).Select(note => (note, InA: one.Notes.Contains(note), InB: two.Notes.Contains(note)))
            .Select(n => n is { InA: true, InB: true } ? n.note : $"{(n.InA ? "A" : "B")}: {n.note}")
        : one.Notes;

    // The example shows what the page does, where that takes no more than a moment. Folders that may not be named are not looked into.
    private bool ScoresExample => _state.Mode != "pairs" && RendererInfo.IsInteractive && Roots.Problems(_plan).Count == 0
        && PreviewLoader.HasSmallGold(_plan);

    // A large gold model is asked only when a person says so.
    private bool Follows => _one is not null && _one.Seconds + (_two?.Seconds ?? 0) < QuickSeconds;

    /// <inheritdoc />
    public void Dispose()
    {
        Navigation.LocationChanged -= Moved;
        Stop();
    }

    /// <inheritdoc />
    protected override Task OnInitializedAsync()
    {
        Navigation.LocationChanged += Moved;
        return Show();
    }

    // The same page at another address: a page without parameters hears of it only here.
    private void Moved(object? sender, LocationChangedEventArgs e)
    {
        if (_written.Remove(e.Location)) return;
        if (new Uri(e.Location).AbsolutePath.TrimEnd('/').EndsWith("/lab", StringComparison.Ordinal)) _ = InvokeAsync(Follow);
    }

    private async Task Follow()
    {
        try
        {
            await Show();
            StateHasChanged();
        }
        catch (Exception error)
        {
            await DispatchExceptionAsync(error);
        }
    }

    private async Task Show()
    {
        var query = QueryHelpers.ParseQuery(new Uri(Navigation.Uri).Query);
        var state = LabState.Of(name => query.TryGetValue(name, out var value) ? value.ToString() : null);
        if (_begun && Address(state) == Address(_state)) return;
        _begun = true;
        Adopt(
            state.Query.Length + state.A.Length == 0
                ? state with { Query = _state.Query, A = _state.A, B = _state.B, Reference = _state.Reference } : state);
        var asked = _state is { Mode: not "pairs", Scored: true } or { Mode: "pairs", Benched: true };
        if (!asked && (_state.A.Length > 0 || !Example() || !ScoresExample)) return;
        var run = Run();
        StateHasChanged();
        await run;
    }

    private static string? ModeKey(string mode) => $"{1 + Array.FindIndex(Modes, m => m.Item1 == mode)}";

    private static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private string Address(LabState state) => Navigation.GetUriWithQueryParameters(state.ToQuery());

    // Plan and choices follow the state; what was scored under another plan goes.
    private void Adopt(LabState state)
    {
        if (state.From != _state.From || state.Gold != _state.Gold) (_one, _two, _bench) = (null, null, null);
        if (state.Mode != _state.Mode || state.Pairs != _state.Pairs) _error = null;
        _state = state;
        _plan = Starting.Of(state.From);
        if (state.Gold is not null) _plan = _plan with { Gold = state.Gold == "none" ? null : state.Gold };
        _choices = PlanChoices.Find(_plan, Store.Runs(), Library);
        _designError = null;
        if (state.Design is not { } text) return;
        if (RewardDesign.TryParse(text, Features.For(_plan.Design), out var design, out var error)) _plan = _plan with { Design = design };
        else _designError = error;
    }

    // So that the page shows something before anything is written: an answer that is said twice, and one that is off the topic.
    private bool Example()
    {
        if (!Roots.Allows(_plan.Data) || !File.Exists(_plan.Data)) return false;
        try
        {
            var items =
                _plan.LoadData().Items.Where(i => i.QueryType != QueryType.ClosedEnded && i.Reference is not null).Take(2).ToArray();
            if (items.Length < 2) return false;
            var (right, other) = (items[0].Reference!, items[1].Reference!);
            _state = _state with { Query = items[0].Query, A = $"{right} {right}", B = other, Reference = right };
            return true;
        }
        catch (DataFileException error)
        {
            _error = error.Message;
            return false;
        }
    }

    private async Task Type(LabState state)
    {
        _state = state;
        if (!Follows) return;
        var scoring = Begin();
        try
        {
            await Task.Delay(Pause, scoring.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        await Score();
    }

    private async Task Change(LabState state)
    {
        Stop();
        Adopt(state);
        Remember();
        if (_state.Mode == "pairs" ? _state.Benched : _state.Scored) await Run();
    }

    private async Task Score()
    {
        _state = _state.Mode == "pairs" ? _state with { Benched = true } : _state with { Scored = true };
        Remember();
        await Run();
    }

    private void Remember()
    {
        var address = Address(_state);
        _tooLong = address.Length > LongestAddress;
        if (_tooLong || address == Navigation.Uri) return;
        _written.Add(address);
        Navigation.NavigateTo(address, replace: true);
    }

    private void Stop()
    {
        _scoring?.Cancel();
        _scoring = null;
        _busy = false;
        _progress = null;
    }

    private CancellationTokenSource Begin()
    {
        _scoring?.Cancel();
        return _scoring = new CancellationTokenSource();
    }

    private async Task Run()
    {
        var scoring = Begin();
        var (left, state) = (scoring.Token, _state);
        (_busy, _error, _progress) = (true, null, null);
        try
        {
            if (state.Mode == "pairs")
            {
                void Progress(int done, int total) => _ = InvokeAsync(() =>
                {
                    if (_scoring != scoring) return;
                    _progress = (done, total);
                    StateHasChanged();
                });
                _bench = null;
                _bench = await Scorer.Bench(_plan, PairFile, Progress, left);
            }
            else if (state.A.Trim().Length == 0 || (state.Mode == "two" && state.B.Trim().Length == 0))
            {
                (_one, _two) = (null, null);
                _error = state.Mode == "two" ? "Write both responses: each prefix of each is scored."
                    : "Write a response: each of its prefixes is scored.";
            }
            else
            {
                var one = await Scorer.Score(Request(state, state.A), left);
                var two = state.Mode == "two" ? await Scorer.Score(Request(state, state.B), left) : null;
                left.ThrowIfCancellationRequested();
                (_one, _two, _shown, _shownDesign) = (one, two, state, _plan.Design.Title);
            }
        }
        catch (OperationCanceledException)
        {
            // Something newer is scored, or the page was left.
        }
        catch (Exception error)
        {
            // Files, models and native libraries can each be wrong in their own way; the page says which and goes on.
            if (_scoring == scoring) _error = error.Message;
        }
        finally
        {
            if (_scoring == scoring) (_busy, _scoring) = (false, null);
            scoring.Dispose();
        }
    }

    private LabRequest Request(LabState state, string response) =>
        new(_plan, state.Query, response, state.Reference, state.ClosedEnded ? QueryType.ClosedEnded : QueryType.OpenEnded);
}
