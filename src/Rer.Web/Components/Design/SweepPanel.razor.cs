using Microsoft.AspNetCore.Components;
using Rer.Engine.Playground;
using Rer.Engine.Rewards;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Runs.Session;
using Rer.Web.Formatting;
using Rer.Web.Plans;

namespace Rer.Web.Components.Design;

/// <summary>A grid of designs and seeds, launched as one sweep.</summary>
public sealed partial class SweepPanel
{
    private string? _error;

    /// <summary>The plan that every run of the sweep has, but for design and seed.</summary>
    [Parameter, EditorRequired] public PlanDraft Draft { get; set; } = default!;

    /// <summary>What is chosen.</summary>
    [Parameter, EditorRequired] public SweepChoice Choice { get; set; } = SweepChoice.Default;

    /// <summary>Something else is chosen.</summary>
    [Parameter] public EventCallback<SweepChoice> Changed { get; set; }

    /// <summary>What one run takes.</summary>
    [Parameter] public RunEstimate? Estimate { get; set; }

    /// <summary>How long a step and an evaluation take under a design's text; null where nothing is known.</summary>
    [Parameter] public IReadOnlyDictionary<string, RunTiming?> Timings { get; set; } = new Dictionary<string, RunTiming?>();

    /// <summary>The runs that have the device first, in words.</summary>
    [Parameter] public string Waiting { get; set; } = "";

    /// <summary>Launches the sweep.</summary>
    [Parameter] public EventCallback<(IReadOnlyList<RunPlan> Plans, string Name)> Launch { get; set; }

    private static int StudyRuns => PlaygroundPlans.Designs.Count * PlaygroundPlans.StudySeeds.Count;

    private static string StudyTip =>
        $"The paper's comparison: {string.Join(", ", PlaygroundPlans.Designs.Select(d => d.Name))} by seeds 1, 2 and 3, nine runs in one "
            + "sweep";

    private IEnumerable<(string Text, string Name)> Choices => RewardDesign.Presets.Select(p => (p.Design.Text, p.Name))
        .Append((Draft.Plan.Design.Text, Draft.Plan.Design.Title))
        // A design that a link brought along stays on offer.
        .Concat(Choice.Designs.Select(text => (text, RewardDesign.TryParse(text, Draft.Own, out var design, out _) ? design.Title : text)))
        .DistinctBy(c => c.Item1);

    private IEnumerable<(string Text, string Name)> Chosen => Choices.Where(c => Choice.Designs.Contains(c.Text));

    private string TimeOf(IEnumerable<string> designs, int seeds)
    {
        if (Estimate is not { } estimate) return Display.None;
        var each = designs.Select(text => estimate with { Timing = Timings.GetValueOrDefault(text) ?? estimate.Timing }).ToArray();
        return each.Length == 0 || seeds == 0 ? Display.None
            : Display.Durations(seeds * each.Sum(e => e.Seconds), seeds * each.Sum(e => e.LongestSeconds));
    }

    private async Task Start()
    {
        _error = null;
        if (Choice.SeedList is not { Count: > 0 } seeds)
            _error = $"'{Choice.Seeds}' is no list of seeds. Write whole numbers with commas between: 1, 2, 3.";
        else if (Choice.Runs > SweepChoice.MostRuns)
            _error = $"{Choice.Runs} runs are more than the {SweepChoice.MostRuns} one sweep may have.";
        if (_error is not null) return;
        var plans = Chosen.SelectMany(
            c => Choice.SeedList!.Select(seed => Draft.Plan with { Design = RewardDesign.Parse(c.Text, Draft.Own), Seed = seed }))
            .ToArray();
        await Launch.InvokeAsync((plans, Choice.Name.Length > 0 ? Choice.Name : Choice.Suggested));
    }

    private Task Study() => Launch.InvokeAsync((PlaygroundPlans.Study(Draft.Plan), "study"));
}
