using Rer.Engine.Runs.Planning;

namespace Rer.Engine.Runs.Comparing;

/// <summary>
/// An option on which plans differ. The seed never is one: it is what a <see cref="RunGroup"/> averages over. Every other option is,
/// because two runs that differ in it are not repetitions of one another.
/// </summary>
public sealed class PlanAxis
{
    private readonly Dictionary<string, string> _words;

    private PlanAxis(PlanOption option, Dictionary<string, string> words) => (Option, _words) = (option, words);

    /// <summary>The option.</summary>
    public PlanOption Option { get; }

    /// <summary>The option's name, as the command line has it without dashes: `learning-rate`.</summary>
    public string Name => Option.Name;

    /// <summary>
    /// What <paramref name="plan"/> has: the value as the command line writes it, a design by its title, a path by its last part. Plans
    /// that differ have different words: where two would not, they are written whole.
    /// </summary>
    public string Value(RunPlan plan) => _words.GetValueOrDefault(Option.Identity(plan.WithFullPaths())) ?? Option.Text(plan);

    /// <summary>
    /// The options on which <paramref name="plans"/> differ, in the order of <see cref="PlanOption.All"/>; paths are compared as full
    /// ones.
    /// </summary>
    public static IReadOnlyList<PlanAxis> Of(IEnumerable<RunPlan> plans)
    {
        RunPlan[] full = [.. plans.Select(plan => plan.WithFullPaths())];
        var axes = new List<PlanAxis>();
        foreach (var option in PlanOption.All.Where(option => option.Name != PlanOption.SeedName))
        {
            var values = full.DistinctBy(plan => option.Identity(plan)).ToArray();
            if (values.Length > 1) axes.Add(new PlanAxis(option, Words(option, values)));
        }

        return axes;
    }

    private static Dictionary<string, string> Words(PlanOption option, RunPlan[] plans)
    {
        var named = plans.Select(plan => (Identity: option.Identity(plan), Short: Short(option, plan), Whole: Whole(option, plan)))
            .ToArray();
        return named.GroupBy(value => value.Short)
            .SelectMany(same => same.Select(value => (value.Identity, Words: same.Count() == 1 ? value.Short : value.Whole)))
            .ToDictionary(value => value.Identity, value => value.Words);
    }

    private static string Short(PlanOption option, RunPlan plan)
    {
        if (option.Name == PlanOption.DesignName) return plan.Design.Title;
        var text = option.Text(plan);
        // A gold model's source with settings, or a server's address, is not a path.
        return Path.IsPathFullyQualified(text) && !text.Contains(',') ? Path.GetFileName(Path.TrimEndingDirectorySeparator(text)) : text;
    }

    private static string Whole(PlanOption option, RunPlan plan) =>
        option.Name == PlanOption.DesignName ? $"{plan.Design.Title} ({plan.Design.Hash})" : option.Text(plan);
}
