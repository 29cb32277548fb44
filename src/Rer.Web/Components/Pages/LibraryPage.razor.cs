using Microsoft.AspNetCore.Components;
using Rer.Engine.Library;
using Rer.Engine.Runs;
using Rer.Engine.Storage;

namespace Rer.Web.Components.Pages;

/// <summary>What models and prompt sets are on disk, and what they are.</summary>
public sealed partial class LibraryPage
{
    private IReadOnlyList<ModelSummary> _models = [];
    private IReadOnlyList<PromptSetSummary> _sets = [];
    private IReadOnlyDictionary<string, string> _inUse = new Dictionary<string, string>();
    private ModelSummary? _model;
    private PromptSetSummary? _set;
    private int _runsWith;
    private bool _importing;

    [Inject] private StudyLibrary Library { get; set; } = default!;

    [Inject] private IRunStore Store { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    [SupplyParameterFromQuery(Name = "use")] private string? Use { get; set; }

    [SupplyParameterFromQuery(Name = "model")] private string? Model { get; set; }

    [SupplyParameterFromQuery(Name = "data")] private string? Data { get; set; }

    [SupplyParameterFromQuery(Name = "find")] private string? Find { get; set; }

    [SupplyParameterFromQuery(Name = "untyped")] private string? Untyped { get; set; }

    private ModelUse? CurrentUse => Enum.TryParse<ModelUse>(Use, true, out var use) ? use : null;

    private IReadOnlyList<ModelSummary> ShownModels => [.. _models.Where(m => CurrentUse is null || m.Use == CurrentUse)];

    private IReadOnlyList<(ModelUse?, string)> UseOptions =>
    [
        (null, $"All {_models.Count}"),
        .. new[] { (ModelUse.Policy, "Policies"), (ModelUse.Gold, "Gold"), (ModelUse.Relevance, "Relevance") }
            .Select(u => ((ModelUse?)u.Item1, $"{u.Item2} {_models.Count(m => m.Use == u.Item1)}")),
    ];

    private static double? FreeOn(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (IOException)
        {
            // A file system may not say; the page then leaves it out.
            return null;
        }
    }

    private double? Free => FreeOn(Store.Folder);

    /// <inheritdoc />
    protected override void OnParametersSet() => Read();

    private void Read()
    {
        var runs = Store.Runs();
        var plans = runs.Select(r => r.Plan).ToArray();
        _models = Library.Models(plans.SelectMany(p => new[] { p.Policy, p.Gold }).OfType<string>().Where(Directory.Exists));
        _sets = Library.PromptSets(plans.SelectMany(p => new[] { p.Data, p.EvaluationData }).OfType<string>());
        _inUse = runs.Where(r => r.State is RunState.Running or RunState.Starting)
            .SelectMany(r => new[] { r.Plan.Policy, r.Plan.Gold }.OfType<string>().Select(p => (Path: Path.GetFullPath(p), r.Id)))
            .DistinctBy(p => p.Path).ToDictionary(p => p.Path, p => p.Id);
        _model = _models.FirstOrDefault(m => m.Path == Model) ?? (ShownModels is [var first, ..] ? first : null);
        _set = _sets.FirstOrDefault(s => s.Path == Data);
        _runsWith = _model is null ? 0 : plans.Count(p => Same(p.Policy, _model.Path) || Same(p.Gold, _model.Path));
    }

    private static bool Same(string? path, string full) => path is not null && Path.GetFullPath(path) == full;

    private void Imported(string path)
    {
        _importing = false;
        ShowSet(path);
    }

    // Another set's search is not this one's.
    private void ShowSet(string path) => Navigation.NavigateTo(
        Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["data"] = path, ["find"] = null, ["untyped"] = null }),
        replace: true);

    private void Set(string name, string? value) =>
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter(name, string.IsNullOrEmpty(value) ? null : value), replace: true);
}
