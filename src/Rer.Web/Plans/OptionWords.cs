using Rer.Engine.Runs.Comparing;
using Rer.Engine.Runs.Planning;

namespace Rer.Web.Plans;

/// <summary>An option on which plans differ, with one plan's value, as a page says it: `learning rate 5e-4`.</summary>
/// <param name="Name">The option, as the command line names it: `learning-rate`.</param>
/// <param name="Value">The value as people read it.</param>
public sealed record OptionWords(string Name, string Value)
{
    private const string Nothing = "none";

    /// <summary>The option in words. It is the whole name, because `temperature` alone may be the sampling's or the evaluation's.</summary>
    public string Label => LabelOf(Name);

    /// <summary>What a plan has on each axis.</summary>
    public static IReadOnlyList<OptionWords> Of(IEnumerable<PlanAxis> axes, RunPlan plan) => [.. axes.Select(axis => Of(axis, plan))];

    /// <summary>What a plan has on an axis.</summary>
    public static OptionWords Of(PlanAxis axis, RunPlan plan)
    {
        var value = PlanField.Find(axis.Name)?.Words(axis.Value(plan)) ?? axis.Value(plan);
        return new OptionWords(axis.Name, value.Length == 0 ? Nothing : value);
    }

    /// <summary>An option's name in words: `learning rate`.</summary>
    public static string LabelOf(string name) => name.Replace('-', ' ');

    /// <summary>The same at the head of a column: `Learning rate`.</summary>
    public static string HeadingOf(string name) => char.ToUpperInvariant(name[0]) + LabelOf(name)[1..];

    /// <summary>Several in one line: `learning rate 5e-4, kl target 3`.</summary>
    public static string Join(IEnumerable<OptionWords> options) =>
        string.Join(", ", options.Select(option => $"{option.Label} {option.Value}"));
}
