using Rer.Engine.Runs;
using Rer.Web.Formatting;

namespace Rer.Web.Plans;

/// <summary>What a plan's models and data can be chosen from.</summary>
/// <param name="ByOption">Paths by the option they are for.</param>
public sealed record PlanChoices(IReadOnlyDictionary<string, IReadOnlyList<PlanChoice>> ByOption)
{
    private static readonly string[] PathOptions = ["policy", "data", "eval-data", "gold", "relevance"];

    /// <summary>No choices.</summary>
    public static PlanChoices None { get; } = new(new Dictionary<string, IReadOnlyList<PlanChoice>>());

    /// <summary>Choices for an option; empty where it has none.</summary>
    public IReadOnlyList<PlanChoice> Of(string option) => ByOption.GetValueOrDefault(option, []);

    /// <summary>Whatever the plan and earlier runs name.</summary>
    public static PlanChoices Find(RunPlan plan, RunStore store)
    {
        var plans = store.Runs().Select(r => r.Plan).Prepend(plan).ToArray();
        return new PlanChoices(PathOptions.ToDictionary(option => option, option => (IReadOnlyList<PlanChoice>)
        [
            .. (option == "relevance" ? ["lexical", "precomputed"] : Array.Empty<string>())
                .Concat(plans.Select(p => PlanOption.Named(option).Text(p)))
                .Where(path => path.Length > 0).Distinct().Select(path => new PlanChoice(path, Label(path))),
        ]));
    }

    private static string Label(string path) =>
        Path.GetFileName(Path.GetDirectoryName(path.TrimEnd('/'))) is { Length: > 0 } parent ? $"{Names.OfPath(path)} · {parent}" : Names.OfPath(path);
}
