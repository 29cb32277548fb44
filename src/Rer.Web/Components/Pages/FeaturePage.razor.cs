using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;
using Rer.Engine.Rewards.Custom;
using Rer.Web.Features;
using Rer.Web.Formatting;
using Rer.Web.Plans;
using Rer.Web.Preview;

namespace Rer.Web.Components.Pages;

/// <summary>Where a feature of the user's own is written, tried on real items and tested by examples.</summary>
public sealed partial class FeaturePage
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.3);

    private static readonly (FeatureKind, string)[] Kinds =
        [(FeatureKind.Expression, "Expression"), (FeatureKind.Pattern, "Pattern"), (FeatureKind.Code, "C# class")];

    private static readonly (PatternMeasure, string)[] Measures =
    [
        (PatternMeasure.Count, "matches"), (PatternMeasure.PerHundredWords, "matches / 100 words"),
        (PatternMeasure.Present, "1 if any"), (PatternMeasure.Absent, "1 if none"),
    ];

    private FeatureDefinition _draft = FeatureDraft.Empty;
    private FeatureDefinition? _saved;
    private FeatureTrial _trial = FeatureTrial.None;
    private PreviewSet? _items;
    private CancellationTokenSource? _trying;
    private string? _shown, _back, _refused;
    private string _symbol = "";
    private int _page;
    private bool _saving, _asking, _busy;

    /// <summary>The feature; null writes a new one.</summary>
    [Parameter] public string? Symbol { get; set; }

    [Inject] private FeatureCatalog Catalog { get; set; } = default!;

    [Inject] private StartingPlan Starting { get; set; } = default!;

    [Inject] private PreviewLoader Previews { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    // Only to a page of this dashboard: an address is anybody's to write.
    private string Back =>
        _back is not null && Navigation.ToAbsoluteUri(_back).AbsoluteUri.StartsWith(Navigation.BaseUri, StringComparison.Ordinal) ? _back
            : "/";

    private string BackQuery => _back is null ? "" : $"?back={Uri.EscapeDataString(_back)}";

    private string? SymbolError => _draft.Symbol.Length == 0 ? null
        : FeatureDefinition.WhyNot(_draft.Symbol)
            ?? (_saved is null && Catalog.Find(_draft.Symbol) is not null ? $"There is a feature {_draft.Symbol} already." : null);

    private string Heading =>
        _items is not { Problem: null } set ? "" : $"{set.Items.Count} of {Display.Count(set.Total)} evaluation items, {set.Origin}";

    private string Passed => _trial.Examples.Count == 0 ? ""
        : _trial.Examples.Count(e => e.Passes) is var n && n == _trial.Examples.Count ? $"{n} of {n} pass"
        : $"{n} of {_trial.Examples.Count} pass; all must, to be saved";

    private IReadOnlyList<Rer.Engine.Rewards.ScoredItem> Items => _items is null ? [] : [.. _items.Items.Select(i => i.Scored)];

    /// <inheritdoc />
    public override ValueTask DisposeAsync()
    {
        _trying?.Cancel();
        return base.DisposeAsync();
    }

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        var query = QueryHelpers.ParseQuery(new Uri(Navigation.Uri).Query);
        string? Parameter(string name) => query.TryGetValue(name, out var value) ? value.ToString() : null;
        _back = Parameter("back");
        if (_shown == (Symbol ?? "")) return;
        _shown = Symbol ?? "";
        _saved = Symbol is null ? null : Catalog.Find(Symbol);
        _draft = FeatureDraft.Read(Parameter("draft")) ?? _saved ?? FeatureDraft.Empty with { Symbol = Symbol ?? "" };
        _symbol = _draft.Symbol;
        (_refused, _asking, _trial) = (null, false, FeatureTrial.None);
        _page = int.TryParse(Parameter("items"), out var page) ? Math.Max(0, page) : 0;
        await Follow(LoadItems);
        // Code runs when a person says so.
        if (_draft.Kind != FeatureKind.Code || _saved is not null) await Try();
    }

    private static string Joined(string source, string name) =>
        source.Length == 0 || " (".Contains(source[^1]) ? source + name : $"{source} {name}";

    // Shown in capitals, but kept as typed: a field that the server changes loses letters on a slow line.
    private Task Name(string? symbol)
    {
        _symbol = symbol ?? "";
        return Edit(_draft with { Symbol = _symbol.Trim().ToUpperInvariant() });
    }

    private async Task LoadItems(CancellationToken left)
    {
        var from = _back is not null && QueryHelpers.ParseQuery(_back[(_back.IndexOf('?') + 1)..]).TryGetValue("from", out var run)
            ? run.ToString() : null;
        _items = await Previews.Load(Starting.Of(from), _page, left);
        if (_draft.Kind != FeatureKind.Code || _saved is not null) await Try();
        StateHasChanged();
    }

    private async Task NextItems()
    {
        _page++;
        _items = null;
        Remember();
        await Follow(LoadItems);
    }

    private async Task ChangeKind(FeatureKind kind)
    {
        // Another kind begins with its own source, unless something of it was written before.
        var source = _saved?.Kind == kind ? _saved.Source : FeatureDraft.StartOf(kind, _draft.Symbol);
        _trial = FeatureTrial.None;
        await Edit(_draft with { Kind = kind, Source = source });
    }

    private Task SetExamples(IReadOnlyList<FeatureExample> examples) => Edit(_draft with { Examples = examples });

    private Task Keep(int item)
    {
        var scored = _items!.Items[item].Scored;
        return SetExamples([.. _draft.Examples, new FeatureExample(
            scored.Cut, Math.Round(_trial.Items[item].Value, 6), scored.Query, scored.Prompt.Reference, scored.Relevance.ToQuery,
            scored.Relevance.ToReference)]);
    }

    private async Task Edit(FeatureDefinition draft)
    {
        _draft = draft;
        _refused = null;
        Remember();
        if (draft.Kind == FeatureKind.Code) return;
        if (_trying is not null) await _trying.CancelAsync();
        var mine = _trying = new CancellationTokenSource();
        try
        {
            await Task.Delay(Pause, mine.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        await Try();
    }

    private async Task Try()
    {
        if (_trying is not null) await _trying.CancelAsync();
        var mine = _trying = new CancellationTokenSource();
        _busy = true;
        try
        {
            var trial =
                await FeatureTrial.Run(_draft with { Symbol = _draft.Symbol.Length > 0 ? _draft.Symbol : "OWN" }, Items, mine.Token);
            if (_trying == mine) _trial = trial;
        }
        catch (OperationCanceledException)
        {
            // Something newer is tried, or the page was left.
        }
        finally
        {
            if (_trying == mine) _busy = false;
        }
    }

    private async Task Save()
    {
        (_saving, _refused) = (true, null);
        try
        {
            if (SymbolError is { } wrong) throw new ArgumentException(wrong);
            await Task.Run(() => CustomFeatures.Compile(_draft));
            await Task.Run(() => Catalog.Save(_draft)).WaitAsync(FeatureTrial.PatienceWith(_draft));
            Navigation.NavigateTo(_back is null ? $"features/{_draft.Symbol}" : Back);
            _shown = null;
        }
        catch (Exception error)
            when (error is ArgumentException or FormatException or InvalidOperationException or IOException or UnauthorizedAccessException
                or TimeoutException)
        {
            _refused = error is TimeoutException ? "The examples took too long and were given up." : error.Message;
            await Try();
        }
        finally
        {
            _saving = false;
        }
    }

    private void Delete()
    {
        Catalog.Remove(_saved!.Symbol);
        Navigation.NavigateTo(Back);
    }

    private void Remember() => Navigation.NavigateTo(
        Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
        {
            ["draft"] = FeatureDraft.Write(_draft, _saved ?? FeatureDraft.Empty),
            ["items"] = _page == 0 ? null : _page,
        }),
        replace: true);
}
