using Rer.Engine.Options;
using Rer.Engine.Rewards;
using Rer.Engine.Rewards.Custom;
using Rer.Engine.Runs.Planning;
using Rer.Web.Access;

namespace Rer.Web.Plans;

/// <summary>A plan while it is edited: the last plan that could be read, and what could not.</summary>
public sealed class PlanDraft
{
    private readonly Dictionary<string, string> _typed = [];
    private readonly Dictionary<string, string> _unread = [];
    private IReadOnlyList<PlanError> _refused = [];

    private readonly FeatureCatalog _features;
    private readonly DataRoots? _roots;

    /// <summary>A draft that begins at a plan.</summary>
    /// <param name="start">The plan.</param>
    /// <param name="features">Features of the user's own that its design may take.</param>
    /// <param name="roots">The folders that it may name; null allows any.</param>
    public PlanDraft(RunPlan start, FeatureCatalog features, DataRoots? roots = null) =>
        (Start, Plan, _features, _roots) = (start, start, features, roots);

    /// <summary>Where the draft began; the address holds what differs from it.</summary>
    public RunPlan Start { get; }

    /// <summary>The plan.</summary>
    public RunPlan Plan { get; private set; }

    /// <summary>Features of the user's own that the design may use.</summary>
    public IReadOnlyList<FeatureDefinition> Own => _features.For(Plan.Design);

    /// <summary>Everything wrong with it, beside the field it belongs to.</summary>
    public IReadOnlyList<PlanError> Errors =>
    [
        .. _unread.Select(u => new PlanError(u.Key, "", u.Value)),
        .. (_roots?.ValidateOptions(Plan) ?? Plan.ValidateOptions()).Concat(_refused).DistinctBy(e => (e.Option, e.Value, e.Message)),
    ];

    /// <summary>Errors of one option.</summary>
    public IEnumerable<PlanError> ErrorsOf(string option) => Errors.Where(e => e.Option == option);

    /// <summary>What stands in a field: what was typed while it cannot be read, else the plan's value.</summary>
    public string TextOf(PlanField field) => _typed.GetValueOrDefault(field.Option.Name) ?? field.Text(Plan);

    /// <summary>Takes a design.</summary>
    public void Set(RewardDesign design)
    {
        Plan = Plan with { Design = design };
        _refused = [];
    }

    /// <summary>Takes what was typed into a field; where it cannot be read, the plan keeps its value and the field its text.</summary>
    public void Set(PlanField field, string typed)
    {
        var name = field.Option.Name;
        _typed.Remove(name);
        _unread.Remove(name);
        _refused = [.. _refused.Where(e => e.Option != name)];
        try
        {
            Plan = field.With(Plan, typed);
        }
        catch (PlanException error)
        {
            _typed[name] = typed;
            _unread[name] = string.Join(' ', error.Errors.Select(e => $"{e.Value} {e.Message}".Trim()));
        }
    }

    /// <summary>Shows the errors that launching was refused for.</summary>
    public void Refuse(IReadOnlyList<PlanError> errors) => _refused = errors;

    /// <summary>What the address holds: every option that differs from <see cref="Start"/>; null removes one that does not.</summary>
    public IReadOnlyDictionary<string, object?> ToQuery() => PlanOption.All.ToDictionary(
        o => o.Name, o => o.Text(Plan) == o.Text(Start) ? null : (object?)o.Text(Plan));

    /// <summary>Takes options from an address; those that cannot be read stay as they are.</summary>
    public void FromQuery(Func<string, string?> parameter)
    {
        foreach (var option in PlanOption.All)
        {
            if (parameter(option.Name) is not { } text) continue;
            if (option.Name == "design")
            {
                if (RewardDesign.TryParse(text, Own, out var design, out _)) Set(design);
            }
            else
            {
                Set(PlanField.Named(option.Name), text);
            }
        }
    }
}
