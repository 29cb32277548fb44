using Rer.Engine.Evaluation;
using Rer.Engine.Models.Adapters;
using Rer.Engine.Options;
using Rer.Engine.Training;

namespace Rer.Engine.Runs.Planning;

/// <summary>An option of a plan, wherever in the plan it stands: one list from which command line and pages are made.</summary>
public sealed class PlanOption
{
    internal const string DesignName = "design", SeedName = "seed";

    private readonly Option _option;
    private readonly Func<RunPlan, object> _section;
    private readonly Func<RunPlan, object, RunPlan> _withSection;

    private PlanOption(string group, Option option, Func<RunPlan, object> section, Func<RunPlan, object, RunPlan> withSection)
    {
        Group = group;
        (_option, _section, _withSection) = (option, section, withSection);
    }

    /// <summary>Every option of a plan, in the order of the records.</summary>
    public static IReadOnlyList<PlanOption> All { get; } =
    [
        .. Section<RunPlan>("Run", plan => plan, (_, plan) => plan),
        .. Section<PpoOptions>("PPO", plan => plan.Ppo, (plan, ppo) => plan with { Ppo = ppo }),
        .. Section<LoraOptions>("Adapter", plan => plan.Lora, (plan, lora) => plan with { Lora = lora }),
        .. Section<EvaluationOptions>("Evaluation", plan => plan.Evaluation, (plan, evaluation) => plan with { Evaluation = evaluation }),
    ];

    /// <summary>What it belongs to: `Run`, `PPO`, `Adapter`, `Evaluation`.</summary>
    public string Group { get; }

    /// <summary>The name, as the command line has it without dashes: `clip-range`.</summary>
    public string Name => _option.Name;

    /// <summary>What it is, its default and where that comes from.</summary>
    public string Summary => _option.Summary;

    /// <summary>What is allowed: `(0, 1]`; empty where every value of the type is.</summary>
    public string Allowed => _option.Allowed;

    /// <summary>The type of its values.</summary>
    public Type Type => _option.Type;

    /// <summary>The default as text; empty where the option has none.</summary>
    public string Default => Option.Text(_option.Default);

    /// <summary>An option by its name.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static PlanOption Named(string name) =>
        All.FirstOrDefault(o => o.Name == name) ?? throw new ArgumentException($"There is no option '{name}'.", nameof(name));

    /// <summary>Its value in <paramref name="plan"/>, as the command line writes it.</summary>
    public string Text(RunPlan plan) => Option.Text(_option.Value(_section(plan)));

    /// <summary>
    /// What two plans have in common where the option means the same in both. A design's text does not say what features of the user's
    /// own mean; its hash does.
    /// </summary>
    internal string Identity(RunPlan plan) => Name == DesignName ? plan.Design.Hash : Text(plan);

    /// <summary>The plan with another value of this option; whether it is within bounds is for <see cref="RunPlan.Validate"/>.</summary>
    /// <exception cref="PlanException"><paramref name="text"/> is no value of this option.</exception>
    public RunPlan With(RunPlan plan, string text) => _withSection(plan, _option.With(_section(plan), text));

    private static IEnumerable<PlanOption> Section<T>(string group, Func<RunPlan, T> section, Func<RunPlan, T, RunPlan> withSection)
        where T : notnull =>
        Option.Of(typeof(T))
            .Select(option => new PlanOption(group, option, plan => section(plan), (plan, value) => withSection(plan, (T)value)));
}
