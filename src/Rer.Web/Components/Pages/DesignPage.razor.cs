using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;
using Rer.Engine.Library;
using Rer.Engine.Options;
using Rer.Engine.Rewards;
using Rer.Engine.Rewards.Custom;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Runs.Queue;
using Rer.Engine.Storage;
using Rer.Web.Access;
using Rer.Web.Charts;
using Rer.Web.Formatting;
using Rer.Web.Plans;
using Rer.Web.Preview;

namespace Rer.Web.Components.Pages;

/// <summary>Where a reward is designed and a run is launched.</summary>
public sealed partial class DesignPage
{
    private static readonly (string, string)[] Presets = [.. RewardDesign.Presets.Select(p => (p.Design.Text, p.Name))];

    private const string Nothing = "nothing";

    private PlanDraft? _draft;
    private string? _from;
    private RewardDesign? _previous;
    private PreviewSet? _preview;
    private string? _previewKey;
    private PastedItem? _pastedKey;
    private PreviewSet? _shown;
    private PastedItem? _pasted;
    private string? _estimateKey;
    private PlanCosts _costs = PlanCosts.Unknown;
    private bool _measuring;
    private SweepChoice _sweep = SweepChoice.Default;
    private IReadOnlyList<PlanError> _refused = [];
    private PlanChoices _library = PlanChoices.None;
    private RunLabel _label = RunLabel.None;
    private string _waiting = Nothing;
    private bool _launching, _first;
    private int _page;

    [Inject] private StartingPlan Starting { get; set; } = default!;

    [Inject] private PreviewLoader Previews { get; set; } = default!;

    [Inject] private IRunStore Store { get; set; } = default!;

    [Inject] private StudyLibrary Library { get; set; } = default!;

    [Inject] private RunCoordinator Coordinator { get; set; } = default!;

    [Inject] private ChartModule Module { get; set; } = default!;

    [Inject] private FeatureCatalog Features { get; set; } = default!;

    [Inject] private DataRoots Roots { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    private PlanDraft Draft => _draft!;

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        var query = QueryHelpers.ParseQuery(new Uri(Navigation.Uri).Query);
        string? Parameter(string name) => query.TryGetValue(name, out var value) ? value.ToString() : null;
        var from = Parameter("from");
        if (_draft is null || _from != from)
        {
            _from = from;
            _draft = new PlanDraft(Starting.Of(from), Features, Roots);
            _draft.FromQuery(Parameter);
            _page = int.TryParse(Parameter("items"), out var page) ? Math.Max(0, page) : 0;
            _pasted = PastedItem.FromQuery(Parameter);
            _sweep = SweepChoice.FromQuery(Parameter, _draft.Own);
            _label = new RunLabel(Parameter("tags") ?? "", Parameter("note") ?? "");
            var runs = Store.Runs();
            _library = PlanChoices.Find(_draft.Plan, runs, Library);
            _first = runs.Count == 0;
        }
        else if (Parameter("design") is { } text && RewardDesign.TryParse(text, Draft.Own, out var design, out _)
            && design != Draft.Plan.Design)
        {
            // Back and forward in the browser's history.
            _previous = Draft.Plan.Design;
            Draft.Set(design);
        }
        await Refresh();
    }

    private static string? PresetKey(string text) => Array.FindIndex(Presets, p => p.Item1 == text) is >= 0 and var i ? $"{i + 1}" : null;

    private static PlanField? FieldOf(string option) => PlanField.Every.FirstOrDefault(f => f.Option.Name == option);

    private static string LabelOf(string option) => FieldOf(option)?.Label ?? "Design";

    private void Take(RewardDesign design)
    {
        if (design == Draft.Plan.Design) return;
        _previous = Draft.Plan.Design;
        Draft.Set(design);
        _refused = [];
        Remember();
    }

    private async Task Change(PlanField field, string typed)
    {
        Draft.Set(field, typed.Trim());
        _refused = [];
        Remember();
        await Refresh();
    }

    private async Task Take(PlanPreset preset)
    {
        foreach (var (option, value) in preset.Options) Draft.Set(PlanField.Named(option), value);
        _refused = [];
        Remember();
        await Refresh();
    }

    private async Task NextItems()
    {
        _page++;
        Remember();
        await Refresh();
    }

    private async Task Paste(PastedItem? item)
    {
        _pasted = item;
        Remember();
        await Refresh();
    }

    private void SetSweep(SweepChoice choice)
    {
        _sweep = choice;
        Remember();
    }

    private void SetLabel(RunLabel label)
    {
        _label = label;
        Remember();
    }

    private void Remember()
    {
        var query = new Dictionary<string, object?>(Draft.ToQuery().Concat(_sweep.ToQuery()).Concat(PastedItem.ToQuery(_pasted)))
        {
            ["items"] = _page == 0 ? null : _page,
            ["tags"] = _label.Tags.Length == 0 ? null : _label.Tags,
            ["note"] = _label.Note.Length == 0 ? null : _label.Note,
        };
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(query), replace: true);
    }

    // What takes long is loaded beside the page: toggling never waits for it.
    private async Task Refresh()
    {
        var previewKey = PreviewLoader.KeyOf(Draft.Plan, _page);
        var estimateKey = string.Join('\n', PlanOption.All.Where(o => o.Name is not ("design" or "seed")).Select(o => o.Text(Draft.Plan)));
        if ((previewKey, _pasted, estimateKey) == (_previewKey, _pastedKey, _estimateKey)) return;
        var (loadPreview, plan, page, pasted) = (previewKey != _previewKey, Draft.Plan, _page, _pasted);
        (_previewKey, _pastedKey, _estimateKey) = (previewKey, pasted, estimateKey);
        await Follow(async left =>
        {
            var preview = loadPreview || _preview is null ? Previews.Load(plan, page, left) : Task.FromResult(_preview);
            await Estimate(plan, left);
            StateHasChanged();
            _preview = await preview;
            // The first time the others are shown while a pasted one is measured; later nothing comes and goes.
            if (pasted is null || _shown is null) _shown = _preview;
            StateHasChanged();
            if (pasted is null) return;
            _shown = _preview.With(await Previews.Score(plan, pasted, left));
            StateHasChanged();
        });
    }

    private async Task Estimate(RunPlan plan, CancellationToken left)
    {
        _costs = await Task.Run(
            () => PlanCosts.Of(plan, [.. RewardDesign.Presets.Select(p => p.Design), plan.Design], Store, Starting, Roots), left);
        _waiting = await Task.Run(Waiting, left);
    }

    private async Task MeasuringChanged(bool measuring)
    {
        _measuring = measuring;
        if (!measuring) await Estimate(_costs.Plan ?? Draft.Plan, CancellationToken.None);
    }

    private string Waiting()
    {
        var before = Store.Runs(new RunFilter { States = [RunState.Queued, RunState.Starting, RunState.Running] });
        if (before.Count == 0) return Nothing;
        var seconds = QueueStatus.SecondsOf(before, Store);
        return Display.Plural(before.Count, "run") + (double.IsFinite(seconds) ? $", {Display.Duration(seconds)}" : "");
    }

    private Task Launch() => Launch(plan =>
    {
        var id = Coordinator.Launch(plan);
        _label.Put(Store, id);
        return $"/runs/{id}";
    });

    private Task LaunchSweep((IReadOnlyList<RunPlan> Plans, string Name) sweep) => Launch(_ =>
    {
        var ids = Coordinator.LaunchSweep(sweep.Plans, sweep.Name);
        foreach (var id in ids) _label.Put(Store, id);
        return $"/sweeps/{Store.Run(ids[0])!.SweepId}";
    });

    private async Task Launch(Func<RunPlan, string> launch)
    {
        if (Draft.Errors.Count > 0)
        {
            _refused = Draft.Errors;
            return;
        }
        _launching = true;
        try
        {
            // Checking a plan reads its data; the page stays alive meanwhile.
            _label.Check();
            var address = await Task.Run(() => launch(Draft.Plan));
            Navigation.NavigateTo(address);
        }
        catch (PlanException error)
        {
            _refused = error.Errors;
            Draft.Refuse(error.Errors);
        }
        catch (Exception error) when (error is StoreException or ArgumentException)
        {
            _refused = [new PlanError("", "", error.Message)];
        }
        finally
        {
            _launching = false;
        }
    }

    private async Task SavePlan() =>
        await Module.SaveText(JsonSerializer.Serialize(Draft.Plan, RunJson.Indented), $"plan-{Draft.Plan.Design.Hash}.json",
            "application/json");
}
