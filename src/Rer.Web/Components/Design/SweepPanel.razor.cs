using System.Globalization;
using Microsoft.AspNetCore.Components;
using Rer.Engine.Playground;
using Rer.Engine.Rewards;
using Rer.Engine.Runs;
using Rer.Web.Formatting;
using Rer.Web.Plans;

namespace Rer.Web.Components.Design;

/// <summary>A grid of designs and seeds, launched as one sweep.</summary>
public sealed partial class SweepPanel
{
    private const int MostRuns = 200;
    private readonly HashSet<string> _designs = [.. new[] { "LI", "LI*RP", "LI*RP*QR", "RER" }.Select(n => RewardDesign.Parse(n).Text)];
    private string _seeds = "1, 2, 3";
    private string _name = "";
    private string? _error;

    /// <summary>The plan that every run of the sweep has, but for design and seed.</summary>
    [Parameter, EditorRequired] public PlanDraft Draft { get; set; } = default!;

    /// <summary>What one run takes.</summary>
    [Parameter] public RunEstimate? Estimate { get; set; }

    /// <summary>The runs that have the device first, in words.</summary>
    [Parameter] public string Waiting { get; set; } = "";

    /// <summary>Launches the sweep.</summary>
    [Parameter] public EventCallback<(IReadOnlyList<RunPlan> Plans, string Name)> Launch { get; set; }

    private IEnumerable<(string Text, string Name)> Choices => RewardDesign.Presets.Select(p => (p.Design.Text, p.Name))
        .Append((Draft.Plan.Design.Text, Draft.Plan.Design.Title)).DistinctBy(c => c.Item1);

    private string Suggested => $"{Display.Plural(_designs.Count, "design")}, seeds {_seeds}";

    private static string StudyTip => $"The paper's comparison: {string.Join(", ", PlaygroundPlans.Designs.Select(d => d.Name))} by seeds 1, 2 and 3, nine runs in one sweep";

    private int? Runs => Seeds() is { } seeds ? seeds.Count * _designs.Count : null;

    private void Pick(string design, bool on)
    {
        if (on) _designs.Add(design);
        else _designs.Remove(design);
    }

    private List<int>? Seeds()
    {
        var seeds = new List<int>();
        foreach (var part in _seeds.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed)) return null;
            if (!seeds.Contains(seed)) seeds.Add(seed);
        }
        return seeds;
    }

    private async Task Start()
    {
        _error = null;
        if (Seeds() is not { Count: > 0 } seeds) _error = $"'{_seeds}' is no list of seeds. Write whole numbers with commas between: 1, 2, 3.";
        else if (seeds.Count * _designs.Count > MostRuns) _error = $"{seeds.Count * _designs.Count} runs are more than the {MostRuns} one sweep may have.";
        if (_error is not null) return;
        var plans = Choices.Where(c => _designs.Contains(c.Text))
            .SelectMany(c => Seeds()!.Select(seed => Draft.Plan with { Design = RewardDesign.Parse(c.Text, Draft.Own), Seed = seed })).ToArray();
        await Launch.InvokeAsync((plans, _name.Trim() is { Length: > 0 } name ? name : Suggested));
    }

    private Task Study() => Launch.InvokeAsync((PlaygroundPlans.Study(Draft.Plan), "study"));
}
