using Rer.Engine.Evaluation;

namespace Rer.Web.Lab;

/// <summary>How often a gold model, and a design, put the chosen response of a preference pair above the rejected one.</summary>
/// <param name="Gold">Accuracy of the gold model, by subset too.</param>
/// <param name="Proxy">Accuracy of the design on the same pairs; null where it needs what pairs have not.</param>
/// <param name="Mistakes">The pairs that the gold model gets wrong by the most, worst first.</param>
/// <param name="Note">Why there is no accuracy of the design; empty where there is one.</param>
/// <param name="Seconds">Seconds it took.</param>
public sealed record LabBench(RewardBench Gold, RewardBench? Proxy, IReadOnlyList<LabMistake> Mistakes, string Note, double Seconds)
{
    /// <summary>Mistakes listed.</summary>
    public const int MostMistakes = 20;

    /// <summary>Name of the row of all pairs.</summary>
    public const string All = "All";

    /// <summary>The rows of its table: every subset, and all pairs last; the design's interval is null where it has none.</summary>
    public IReadOnlyList<(string Name, Interval Gold, Interval? Proxy)> Rows =>
    [
        .. Gold.BySubset.Count > 1 ? Gold.BySubset.Select(s => (s.Key.Length == 0 ? "no subset" : s.Key, s.Value, Proxy?.BySubset[s.Key])) : [],
        (All, Gold.Accuracy, Proxy?.Accuracy),
    ];
}
