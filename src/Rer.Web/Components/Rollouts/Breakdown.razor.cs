using Microsoft.AspNetCore.Components;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Rewards;
using Rer.Engine.Rewards.BuiltIn;
using Rer.Engine.Rewards.Custom;
using Rer.Engine.Runs;
using Rer.Engine.Storage;
using Rer.Web.Formatting;
using Rer.Web.Rollouts;

namespace Rer.Web.Components.Rollouts;

/// <summary>How each shown response was scored, factor by factor: by the run's design, or by another one.</summary>
public sealed partial class Breakdown
{
    // What the note under the table compares with, where no other design is chosen.
    private const string Offered = "RER", OfferedInstead = "LI*RP*QR";

    private IReadOnlyList<RewardBreakdown> _scored = [];
    private IReadOnlyList<RewardBreakdown> _offered = [];
    private Rescoring? _other;
    private string? _error;

    [Inject] private FeatureCatalog Features { get; set; } = default!;

    /// <summary>The run.</summary>
    [Parameter, EditorRequired] public RunRecord Run { get; set; } = default!;

    /// <summary>The responses shown, by step.</summary>
    [Parameter, EditorRequired] public IReadOnlyList<RankedRollout> Answers { get; set; } = [];

    /// <summary>Responses ranked together at a checkpoint.</summary>
    [Parameter] public int Ranked { get; set; }

    /// <summary>Text of the other design; null for the run's own.</summary>
    [Parameter] public string? Under { get; set; }

    /// <summary>Changes a part of the address.</summary>
    [Parameter] public Action<string, string?> Change { get; set; } = (_, _) => { };

    // The other design, where every response shown has a score under it.
    private Rescoring? Shown => _scored.Count > 0 ? _other : null;

    private IReadOnlyList<string> Row => Answers.Count == 0 ? []
        : [.. RewardFeatures.InOrder(Shown is null ? Answers[0].Rollout.Factors.Keys : _scored[0].Factors.Keys)];

    private string[] Off => [.. RewardFeatures.InOrder(Answers[^1].Rollout.Features.Keys.Except(Row))];

    // A preset to say a sentence about, where none is chosen.
    private string? Elsewhere => _offered.Count > 0 ? Preset : null;

    private string Preset => Run.Plan.Design.Title == Offered ? OfferedInstead : Offered;

    private string Sentence
    {
        get
        {
            var scored = Shown is null ? _offered : _scored;
            return Display.Number(scored[^1].Total)
                + (scored.Count > 1 ? $" against {Display.Number(scored[0].Total)} at step {Display.Count(Answers[0].Rollout.Step)}" : "");
        }
    }

    private (double Low, double High) GoldRange
    {
        get
        {
            var known = Answers.Select(a => a.Rollout.Gold).Where(double.IsFinite).ToArray();
            return known.Length == 0 ? (0, 1) : (known.Min() - 0.5, known.Max() + 0.5);
        }
    }

    private string LabAddress
    {
        get
        {
            var r = Answers[^1].Rollout;
            var address = $"/lab?from={Run.Id}&q={Uri.EscapeDataString(r.Query)}&a={Uri.EscapeDataString(r.Response)}";
            if (r.Reference is { } reference) address += $"&ref={Uri.EscapeDataString(reference)}";
            if (Shown is { } other) address += $"&design={Uri.EscapeDataString(other.Design.Text)}";
            return r.QueryType == QueryType.ClosedEnded ? address + "&type=ce" : address;
        }
    }

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        _other = Rescoring.Read(Run.Plan, Under, Features, out _error);
        (_scored, var problem) = _other is null ? ([], null) : ScoreAll(_other);
        _error ??= problem;
        _offered = _other is null ? ScoreAll(new Rescoring(Run.Plan, RewardDesign.Parse(Preset))).Scored : [];
    }

    private (IReadOnlyList<RewardBreakdown> Scored, string? Problem) ScoreAll(Rescoring under)
    {
        var scored = Answers.Select(a => under.Score(a.Rollout)).ToArray();
        var problem = scored.Select(s => s.Problem).FirstOrDefault(p => p is not null);
        return (problem is null ? [.. scored.Select(s => s.Breakdown!)] : [], problem);
    }

    private double Factor(int answer, string symbol) =>
        (Shown is null ? Answers[answer].Rollout.Factors : _scored[answer].Factors).GetValueOrDefault(symbol);

    private double Total(int answer) => _scored[answer].Total;

    private double Most(Func<int, double> value) => Math.Max(1e-9, Enumerable.Range(0, Answers.Count).Max(value));

    private string Rank(double rank) => double.IsFinite(rank) ? Display.Plain(Ranked + 1 - rank) : Display.None;
}
