using Rer.Engine.Data.Preferences;
using Rer.Engine.Evaluation.Judges;
using Rer.Engine.Evaluation.Statistics;

namespace Rer.Web.Lab;

/// <summary>How often a gold model, and a design, put the chosen response of a preference pair above the rejected one.</summary>
/// <param name="Gold">Accuracy of the gold model, by subset too.</param>
/// <param name="Proxy">Accuracy of the design on the same pairs; null where it needs what pairs have not.</param>
/// <param name="Mistakes">The pairs that the gold model gets wrong by the most, worst first.</param>
/// <param name="Note">Why there is no accuracy of the design; empty where there is one.</param>
/// <param name="Seconds">Seconds it took.</param>
public sealed record LabBench(RewardBench Gold, RewardBench? Proxy, IReadOnlyList<LabMistake> Mistakes, string Note, double Seconds)
{
    /// <summary>Pairs of which the gold model read a text only in part, by subset; pairs without one stand under the empty name.</summary>
    public IReadOnlyDictionary<string, int> GoldCut { get; init; } = new Dictionary<string, int>();

    /// <summary>Pairs of which the relevance model read a text only in part.</summary>
    public int RelevanceCut { get; init; }

    /// <summary>Pairs that gold judged by a part, in a row of <see cref="Rows"/>.</summary>
    public int GoldCutIn(string row) => row == All ? GoldCut.Values.Sum() : GoldCut.GetValueOrDefault(row == NoSubset ? "" : row);

    /// <summary>Mistakes listed.</summary>
    public const int MostMistakes = 20;

    /// <summary>Name of the row of all pairs.</summary>
    public const string All = "All";

    private const string NoSubset = "no subset";

    /// <summary>The rows of its table: every subset, and all pairs last; the design's interval is null where it has none.</summary>
    public IReadOnlyList<(string Name, Interval Gold, Interval? Proxy)> Rows =>
    [
        .. Gold.BySubset.Count > 1 ? Gold.BySubset.Select(s => (s.Key.Length == 0 ? NoSubset : s.Key, s.Value, Proxy?.BySubset[s.Key]))
            : [],
        (All, Gold.Accuracy, Proxy?.Accuracy),
    ];
}

/// <summary>A pair whose rejected response scores higher.</summary>
/// <param name="Pair">The pair.</param>
/// <param name="Chosen">Gold of the chosen response.</param>
/// <param name="Rejected">Gold of the rejected one.</param>
public sealed record LabMistake(PreferencePair Pair, double Chosen, double Rejected);
