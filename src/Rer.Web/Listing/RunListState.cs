using Rer.Engine.Evaluation;
using Rer.Engine.Runs;

namespace Rer.Web.Listing;

/// <summary>What the list of runs shows, as its address says.</summary>
public sealed record RunListState
{
    /// <summary>Words that must occur in id, design, policy, data, tags, note or sweep.</summary>
    public string Text { get; init; } = "";

    /// <summary>One state only.</summary>
    public RunState? State { get; init; }

    /// <summary>One verdict only.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>One tag only.</summary>
    public string? Tag { get; init; }

    /// <summary>Starred runs only.</summary>
    public bool Starred { get; init; }

    /// <summary>Every run by itself instead of by design.</summary>
    public bool Flat { get; init; }

    /// <summary>The order.</summary>
    public RunSort Sort { get; init; }

    /// <summary>Whether anything is filtered out.</summary>
    public bool Filters => Text.Length > 0 || State is not null || Verdict is not null || Tag is not null || Starred;

    /// <summary>The filter that the store applies; the verdict is judged afterwards.</summary>
    public RunFilter Filter => new() { Text = Text.Length > 0 ? Text : null, States = State is { } s ? [s] : [], Tag = Tag, StarredOnly = Starred };

    /// <summary>The filter in words.</summary>
    public string Words => string.Join(' ', new[]
    {
        Text, State is { } s ? $"state:{s.ToString().ToLowerInvariant()}" : "", Verdict is { } v ? $"verdict:{v.Title()}" : "",
        Tag is { } t ? $"tag:{t}" : "", Starred ? "starred" : "",
    }.Where(w => w.Length > 0));

    /// <summary>The runs in order, grouped by design or each by itself.</summary>
    public IReadOnlyList<RunGroup> Arrange(IEnumerable<RunSummary> runs, Func<RunSummary, double> rho)
    {
        var groups = Flat
            ? runs.Select(r => new RunGroup(r.Run.Id, [r]))
            : runs.GroupBy(r => r.GroupKey).Select(g => new RunGroup(g.Key, [.. g.OrderBy(r => r.Run.Plan.Seed).ThenBy(r => r.Run.Created)]));
        return [.. Order(groups, rho)];
    }

    private IEnumerable<RunGroup> Order(IEnumerable<RunGroup> groups, Func<RunSummary, double> rho) => Sort switch
    {
        RunSort.Design => groups.OrderBy(g => g.First.Run.Plan.Design.Title, StringComparer.OrdinalIgnoreCase),
        RunSort.Step => groups.OrderByDescending(g => g.Runs.Max(r => r.Run.Step)),
        RunSort.Rho => Descending(groups, rho),
        RunSort.GoldFinal => Descending(groups, r => r.GoldFinal),
        RunSort.GoldBest => Descending(groups, r => r.GoldBest),
        RunSort.Duration => Descending(groups, r => r.Seconds),
        _ => groups.OrderByDescending(g => g.Runs.Max(r => r.Run.Created)),
    };

    // Groups without the value come last, whatever the order.
    private static IEnumerable<RunGroup> Descending(IEnumerable<RunGroup> groups, Func<RunSummary, double> value) =>
        groups.OrderByDescending(g => g.Over(value).Mean is var mean && double.IsFinite(mean) ? mean : double.NegativeInfinity);
}
