using Rer.Engine.Library;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Planning;
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

    /// <summary>What the plan and earlier runs name, and what the library holds.</summary>
    public static PlanChoices Find(RunPlan plan, IReadOnlyList<RunRecord> runs, StudyLibrary library)
    {
        var plans = runs.Select(r => r.Plan).Prepend(plan).ToArray();
        var models = library.Models();
        var sets = library.PromptSets();
        return new PlanChoices(PathOptions.ToDictionary(option => option, option => (IReadOnlyList<PlanChoice>)
        [
            .. plans.Select(p => PlanOption.Named(option).Text(p)).Concat(option switch
                {
                    "policy" => models.Where(m => m.Use == ModelUse.Policy).Select(m => m.Path),
                    "gold" => models.Where(m => m.Use == ModelUse.Gold).Select(m => m.Path),
                    "relevance" => models.Where(m => m.Use == ModelUse.Relevance).Select(m => "contriever:" + m.Path)
                        .Concat(["lexical", "precomputed"]),
                    _ => sets.Select(s => s.Path),
                })
                // One thing may be named by a relative and by a full path.
                .Where(path => path.Length > 0).DistinctBy(Full).Select(path => new PlanChoice(path, Label(path))),
        ]));
    }

    private static string Full(string path) => path.Contains('/') && !path.Contains(':') ? Path.GetFullPath(path) : path;

    private static string Label(string path) =>
        Path.GetFileName(Path.GetDirectoryName(path.TrimEnd('/'))) is { Length: > 0 } parent ? $"{Names.OfPath(path)} · {parent}"
            : Names.OfPath(path);
}

/// <summary>A model or prompt set that can be chosen.</summary>
/// <param name="Path">What the plan holds.</param>
/// <param name="Label">What the page shows.</param>
public sealed record PlanChoice(string Path, string Label);
