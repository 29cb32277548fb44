using Microsoft.AspNetCore.Components;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Session;
using Rer.Engine.Storage;
using Rer.Engine.Training;
using Rer.Web.Charts;
using Rer.Web.Live;

namespace Rer.Web.Components.Pages;

/// <summary>One run, live.</summary>
public sealed partial class RunPage
{
    private LiveRun? _live;
    private string? _loaded;
    private bool _missing;

    [Inject] private IRunStore Store { get; set; } = default!;

    [Inject] private RunFeed Feed { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    /// <summary>The run's id.</summary>
    [Parameter] public string Id { get; set; } = "";

    /// <summary>`raw` or `minmax`; z-scores without it.</summary>
    [SupplyParameterFromQuery(Name = "scale")] public string? ScaleName { get; set; }

    /// <summary>Weight of the past in the smoothed curves.</summary>
    [SupplyParameterFromQuery(Name = "smooth")] public double? Smooth { get; set; }

    /// <summary>Whether every series is shown.</summary>
    [SupplyParameterFromQuery(Name = "all")] public bool All { get; set; }

    private Scale CurrentScale => ScaleName switch { "raw" => Scale.Raw, "minmax" => Scale.MinMax, _ => Scale.ZScore };

    private double Weight => Smooth is >= 0 and < 1 ? Smooth.Value : TrainingCurveOptions.DefaultWeight;

    private string Heading => _live?.Run is { } run ? $"{run.Plan.Design.Title} seed {run.Plan.Seed}" : Id;

    private RunPace Pace => RunPace.Of(_live!.Run!.Plan, _live.Run.Step, _live.Metric(Metric.SecondsStep).Values, _live.Evaluations);

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        if (_loaded == Id) return;
        _loaded = Id;
        var live = new LiveRun(Store, Feed, Id);
        _missing = !live.Load();
        _live = live;
        await Follow(async left =>
        {
            if (!_missing && !live.HasSeries)
            {
                // The head and the figures stand before a long run's metrics are read.
                live.Take(await Task.Run(live.ReadSeries, left));
                StateHasChanged();
            }
            await live.Follow(
                () =>
                {
                    StateHasChanged();
                    return Task.CompletedTask;
                },
                left);
        });
    }

    private void ShowScale(Scale scale) => Show("scale", scale switch { Scale.Raw => "raw", Scale.MinMax => "minmax", _ => null });

    private void ShowWeight(double weight) =>
        Show("smooth",
            weight == TrainingCurveOptions.DefaultWeight ? null : weight.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private void ShowEverySeries(bool all) => Show("all", all ? "true" : null);

    private void Show(string name, string? value) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter(name, value), replace: true);
}
