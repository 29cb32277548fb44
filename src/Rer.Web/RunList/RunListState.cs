using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation.Judges;
using Rer.Engine.Runs;
using Rer.Engine.Storage;
using Rer.Web.Formatting;

namespace Rer.Web.RunList;

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

    /// <summary>What is put together.</summary>
    public RunGrouping Grouping { get; init; }

    /// <summary>Groups whose runs are shown beneath them, by <see cref="ListedGroup.Id"/>.</summary>
    public IReadOnlySet<string> Open { get; init; } = new HashSet<string>();

    /// <summary>The order.</summary>
    public RunSort Sort { get; init; }

    /// <summary>Whether anything is filtered out.</summary>
    public bool Filters => Text.Length > 0 || State is not null || Verdict is not null || Tag is not null || Starred;

    /// <summary>The filter that the store applies; the verdict is not one of its columns.</summary>
    public RunFilter Filter =>
        new() { Text = Text.Length > 0 ? Text : null, States = State is { } s ? [s] : [], Tag = Tag, StarredOnly = Starred };

    /// <summary>Each part of the filter: its name in the address, how it reads, and the state without it.</summary>
    public IEnumerable<(string Name, string Words, RunListState Without)> Parts
    {
        get
        {
            if (Text.Length > 0) yield return ("q", Text, this with { Text = "" });
            if (State is { } state) yield return ("state", $"state:{Names.Of(state)}", this with { State = null });
            if (Verdict is { } verdict) yield return ("verdict", $"verdict:{verdict.Title()}", this with { Verdict = null });
            if (Tag is { } tag) yield return ("tag", $"tag:{tag}", this with { Tag = null });
            if (Starred) yield return ("starred", "starred", this with { Starred = false });
        }
    }

    /// <summary>The runs of a store that the filter lets through.</summary>
    public IReadOnlyList<RunSummary> Find(IRunStore store) =>
        [.. store.Runs(Filter)
            .Where(
                r => Verdict is not { } wanted || (r.Monotonicity?.Verdict ?? Rer.Engine.Evaluation.Judges.Verdict.TooFewPoints) == wanted)
                .Select(r => new RunSummary(r))];

    /// <summary>The runs in order, put together as <see cref="Grouping"/> says.</summary>
    public IReadOnlyList<ListedGroup> Arrange(IEnumerable<RunSummary> runs)
    {
        var groups = runs.GroupBy(r => Grouping switch
        {
            RunGrouping.Plan => r.Group,
            RunGrouping.Sweep => r.Run.SweepId ?? r.Run.Id,
            _ => r.Run.Id,
        });
        return [.. Order(groups.Select(g => new ListedGroup(g.Key, Grouping, [.. InGroup(g)])))];
    }

    // Seeds by number; a sweep's runs in the order it was launched in.
    private IEnumerable<RunSummary> InGroup(IEnumerable<RunSummary> runs) => Grouping == RunGrouping.Sweep
        ? runs.OrderBy(r => r.Run.Created).ThenBy(r => r.Run.Plan.Design.Title, StringComparer.OrdinalIgnoreCase)
            .ThenBy(r => r.Run.Plan.Seed)
        : runs.OrderBy(r => r.Run.Plan.Seed).ThenBy(r => r.Run.Created);

    private IEnumerable<ListedGroup> Order(IEnumerable<ListedGroup> groups) => Sort switch
    {
        RunSort.Design => groups.OrderBy(g => g.Title, StringComparer.OrdinalIgnoreCase),
        RunSort.Step => groups.OrderByDescending(g => g.Runs.Max(r => r.Run.Step)),
        RunSort.Rho => Descending(groups, r => r.Rho),
        RunSort.GoldFinal => Descending(groups, r => r.GoldFinal),
        RunSort.GoldBest => Descending(groups, r => r.GoldBest),
        RunSort.Duration => Descending(groups, r => r.Seconds),
        _ => groups.OrderByDescending(g => g.Runs.Max(r => r.Run.Created)),
    };

    // Groups without the value come last, whatever the order.
    private static IEnumerable<ListedGroup> Descending(IEnumerable<ListedGroup> groups, Func<RunSummary, double> value) =>
        groups.OrderByDescending(g => g.Over(value).Mean is var mean && double.IsFinite(mean) ? mean : double.NegativeInfinity);
}
