using Rer.Engine.Runs.Comparing;
using Rer.Engine.Runs.Planning;
using Rer.Web.Plans;

namespace Rer.Web.RunList;

/// <summary>
/// The options on which the runs of a list differ, the seed aside: each a column, those first that part runs of one design, which
/// could be taken for its seeds.
/// </summary>
public sealed class ListedAxes
{
    /// <summary>Most options with a column of their own; the others share one.</summary>
    public const int MostColumns = 4;

    private const string Design = "design";

    private readonly PlanAxis? _design;
    private readonly PlanAxis[] _axes;
    private readonly HashSet<string> _parting;

    private ListedAxes(IReadOnlyList<RunPlan> plans)
    {
        var axes = PlanAxis.Of(plans);
        _design = axes.FirstOrDefault(axis => axis.Name == Design);
        _parting = [.. plans.GroupBy(plan => plan.Design.Hash).SelectMany(same => PlanAxis.Of(same)).Select(axis => axis.Name)];
        _axes = [.. axes.Where(axis => axis.Name != Design).OrderBy(axis => !_parting.Contains(axis.Name))];
    }

    /// <summary>Nothing differs.</summary>
    public static ListedAxes None { get; } = new([]);

    /// <summary>The axes of a list's runs.</summary>
    public static ListedAxes Of(IEnumerable<RunSummary> runs) =>
        new([.. runs.DistinctBy(run => run.Group).Select(run => run.Run.Plan)]);

    /// <summary>The options with a column of their own.</summary>
    /// <param name="shown">The list's columns: what they show already is not shown twice.</param>
    public IReadOnlyList<PlanAxis> Columns(RunColumns shown) => [.. Free(shown).Take(MostColumns)];

    /// <summary>The options that share a last column; empty where there are no more than <see cref="MostColumns"/>.</summary>
    public IReadOnlyList<PlanAxis> Others(RunColumns shown) => [.. Free(shown).Skip(MostColumns)];

    /// <summary>The design's title, with its hash where another design of the list has the same.</summary>
    public string Title(RunPlan plan) => _design?.Value(plan) ?? plan.Design.Title;

    /// <summary>What tells a run from others of its design: `learning rate 5e-4`; empty where nothing but the seed does.</summary>
    public string Apart(RunPlan plan) => OptionWords.Join(OptionWords.Of(_axes.Where(axis => _parting.Contains(axis.Name)), plan));

    private IEnumerable<PlanAxis> Free(RunColumns shown) => _axes.Where(axis => axis.Name switch
    {
        "policy" => !shown[RunColumn.Policy],
        "data" => !shown[RunColumn.Data],
        "gold" => !shown[RunColumn.Gold],
        _ => true,
    });
}
