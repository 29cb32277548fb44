using System.Diagnostics;
using Microsoft.AspNetCore.Components;
using Rer.Engine.Evaluation.Statistics;
using Rer.Engine.Rewards;
using Rer.Engine.Rewards.BuiltIn;
using Rer.Engine.Rewards.Custom;
using Rer.Web.Formatting;
using Rer.Web.Preview;

namespace Rer.Web.Components.Design;

/// <summary>What a handful of real items score under the design, and scored before the last change.</summary>
public sealed partial class PreviewTable
{
    private (RewardDesign? Design, RewardDesign? Previous, PreviewSet? Set) _built;
    private IReadOnlyList<RewardBreakdown?> _now = [];
    private IReadOnlyList<RewardBreakdown?>? _before;
    private IReadOnlyDictionary<string, double> _mostFactor = new Dictionary<string, double>();
    private double _mostProxy = 1;
    private (double Low, double High) _goldRange;
    private double[] _proxyRanks = [];
    private double[] _goldRanks = [];
    private double _rho;
    private double _rhoBefore;
    private int _compared;
    private TimeSpan _took;
    private bool _pasting;

    /// <summary>The design.</summary>
    [Parameter, EditorRequired] public RewardDesign Design { get; set; } = default!;

    /// <summary>Features of the user's own that are shown beside the built-in ones.</summary>
    [Parameter] public IReadOnlyList<FeatureDefinition> Own { get; set; } = [];

    /// <summary>The design before the last change; null where there was none.</summary>
    [Parameter] public RewardDesign? Previous { get; set; }

    /// <summary>The items; null while they load.</summary>
    [Parameter, EditorRequired] public PreviewSet? Set { get; set; }

    /// <summary>The reader wants other items.</summary>
    [Parameter] public EventCallback NextPage { get; set; }

    /// <summary>What was pasted; null where nothing was.</summary>
    [Parameter] public PastedItem? Pasted { get; set; }

    /// <summary>An item was pasted, or taken away (null).</summary>
    [Parameter] public EventCallback<PastedItem?> PastedChanged { get; set; }

    private IReadOnlyList<string> Symbols =>
        [.. RewardFeatures.BuiltInBeside(Own).Select(feature => feature.Symbol), .. Own.Select(feature => feature.Symbol)];

    private string Heading => Set is null or { Problem: not null } ? ""
        : $"{Set.Items.Count(i => !i.Pasted)} of {Display.Count(Set.Total)} evaluation items, {Set.Origin}, re-scored in "
            + $"{Display.Number(_took.TotalMilliseconds, _took.TotalMilliseconds < 1 ? 2 : 0)} ms";

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        if (Set is null or { Problem: not null } || _built == (Design, Previous, Set)) return;
        _built = (Design, Previous, Set);
        var started = Stopwatch.GetTimestamp();
        _now = Set.Under(Design);
        _before = Previous is null || Previous == Design ? null : Set.Under(Previous);
        _took = Stopwatch.GetElapsedTime(started);

        var proxy = Totals(_now);
        double[] gold = [.. Set.Items.Select(i => i.Gold)];
        _proxyRanks = RanksFromTop(proxy);
        _goldRanks = RanksFromTop(gold);
        _rho = Rho(proxy, gold);
        _compared = proxy.Zip(gold).Count(pair => double.IsFinite(pair.First) && double.IsFinite(pair.Second));
        _rhoBefore = _before is null ? double.NaN : Rho(Totals(_before), gold);
        _mostFactor = Symbols.ToDictionary(s => s, s => _now.Select(b => b?.Factors.GetValueOrDefault(s) ?? 0).Append(1).Max());
        _mostProxy = proxy.Concat(_before is null ? [] : Totals(_before)).Where(double.IsFinite).DefaultIfEmpty(1).Max();
        var known = gold.Where(double.IsFinite).ToArray();
        _goldRange = known.Length == 0 ? (0, 1) : (known.Min() - 0.5, known.Max() + 0.5);
    }

    private async Task Take(PastedItem? item)
    {
        _pasting = false;
        await PastedChanged.InvokeAsync(item);
    }

    private static double[] Totals(IReadOnlyList<RewardBreakdown?> breakdowns) => [.. breakdowns.Select(b => b?.Total ?? double.NaN)];

    // Among those that have a value; the others have no rank.
    private static double[] RanksFromTop(double[] values)
    {
        var ranks = new Queue<double>(Correlation.Ranks([.. values.Where(double.IsFinite).Select(v => -v)]));
        return [.. values.Select(v => double.IsFinite(v) ? ranks.Dequeue() : double.NaN)];
    }

    private static double Rho(double[] proxy, double[] gold)
    {
        var both = proxy.Zip(gold).Where(pair => double.IsFinite(pair.First) && double.IsFinite(pair.Second)).ToArray();
        return both.Length < 2 ? double.NaN
            : RankRelation.Of([.. both.Select(pair => pair.First)], [.. both.Select(pair => pair.Second)]).Rho;
    }
}
