using System.Globalization;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Options;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Training.Estimators;

namespace Rer.Web.Plans;

/// <summary>An option of a plan as a page shows and edits it: the engine's option with a label and figures for people.</summary>
public sealed class PlanField
{
    private const string Off = "off", All = "all";

    private static readonly Dictionary<string, string> Labels = new()
    {
        ["eval-data"] = "Evaluation data",
        ["dtype"] = "Type of the weights",
        ["batch-size"] = "Batch, responses per step",
        ["mini-batch-size"] = "Mini-batch",
        ["epochs"] = "PPO epochs",
        ["kl-coefficient"] = "KL coefficient",
        ["detach-value-head"] = "Value head detached",
        ["value-warmup-steps"] = "Value head’s warm-up, steps",
        ["value-learning-rate"] = "Value head’s learning rate, 0: the policy’s",
        ["adaptive-kl"] = "KL adaptive",
        ["kl-target"] = "KL target",
        ["kl-horizon"] = "KL horizon",
        ["max-gradient-norm"] = "Gradient clipping",
        ["warmup-steps"] = "Warm-up steps",
        ["max-response-tokens"] = "New tokens, at most",
        ["max-prompt-tokens"] = "Prompt tokens, at most",
        ["normalise-scores"] = "Score normalisation",
        ["top-p"] = "Top-p",
        ["top-k"] = "Top-k",
        ["lora-rank"] = "LoRA r",
        ["lora-alpha"] = "LoRA alpha",
        ["lora-target-modules"] = "LoRA modules",
        ["eval-every"] = "Every, steps",
        ["eval-responses"] = "Responses a query",
        ["eval-queries"] = "Queries",
        ["eval-temperature"] = "Temperature",
        ["eval-top-p"] = "Top-p",
        ["eval-batch-size"] = "Queries together",
    };

    private static readonly HashSet<string> ZeroIsOff = ["max-gradient-norm", "score-clip", "warmup-steps", "value-warmup-steps", "top-k"];

    private static readonly HashSet<string> AlwaysShown =
    [
        "steps", "batch-size", "mini-batch-size", "gradient-accumulation", "epochs", "learning-rate", "kl-coefficient", "kl-target",
        "max-response-tokens", "max-gradient-norm", "lora-rank", "lora-alpha", "eval-every", "eval-responses", "eval-queries",
        "eval-temperature",
    ];

    private readonly string _default;

    private PlanField(PlanOption option)
    {
        Option = option;
        Label = Labels.GetValueOrDefault(option.Name) ?? Sentence(option.Name);
        Tip = option.Summary + (option.Allowed.Length > 0 ? $" Allowed: {option.Allowed}." : "");
        Main = AlwaysShown.Contains(option.Name);
        Choices = option.Type == typeof(bool) ? ["on", Off] : option.Name switch
        {
            "template" => [.. PromptTemplate.All.Select(t => t.Name), PromptTemplate.ChatName],
            "dtype" => ["auto", "float32", "bfloat16"],
            "advantage-estimator" => [.. AdvantageEstimator.All.Select(estimator => estimator.Key)],
            _ => null,
        };
        _default = option.Default;
    }

    /// <summary>Every option of a plan but its design.</summary>
    public static IReadOnlyList<PlanField> Every { get; } =
        [.. PlanOption.All.Where(o => o.Name != "design").Select(o => new PlanField(o))];

    /// <summary>The engine's option.</summary>
    public PlanOption Option { get; }

    /// <summary>What the page calls it.</summary>
    public string Label { get; }

    /// <summary>What it is, for the hover label.</summary>
    public string Tip { get; }

    /// <summary>Shown always; the others fold away while they stand at their default.</summary>
    public bool Main { get; }

    /// <summary>The values allowed, where they can be listed.</summary>
    public IReadOnlyList<string>? Choices { get; }

    /// <summary>Whether it has a default that a value can differ from: models, data and seed have none.</summary>
    public bool HasDefault => Option.Name != "seed" && _default.Length > 0;

    /// <summary>The default as people read it.</summary>
    public string Default => Pretty(_default);

    /// <summary>The field of an option.</summary>
    /// <exception cref="InvalidOperationException">There is none of that name.</exception>
    public static PlanField Named(string name) => Every.First(f => f.Option.Name == name);

    /// <summary>The field of an option; null where a page does not edit it as text, as a design.</summary>
    public static PlanField? Find(string name) => Every.FirstOrDefault(f => f.Option.Name == name);

    /// <summary>Fields of a group of the engine's: `Run`, `PPO`, `Adapter`, `Evaluation`.</summary>
    public static IEnumerable<PlanField> Of(string group) => Every.Where(f => f.Option.Group == group);

    /// <summary>Fields on which a plan differs from the defaults.</summary>
    public static IReadOnlyList<PlanField> ChangedIn(RunPlan plan) => [.. Every.Where(f => f.IsChanged(plan))];

    /// <summary>Whether the plan's value differs from the default.</summary>
    public bool IsChanged(RunPlan plan) => HasDefault && Option.Text(plan) != _default;

    /// <summary>The plan's value as people read it.</summary>
    public string Text(RunPlan plan) => Pretty(Option.Text(plan));

    /// <summary>A value that the command line writes as people read it.</summary>
    public string Words(string text) => Pretty(text);

    /// <summary>The plan with the value that a person typed.</summary>
    /// <exception cref="PlanException">The text is no value of the option.</exception>
    public RunPlan With(RunPlan plan, string typed) => Option.With(plan, Plain(typed));

    private string Pretty(string text)
    {
        if (Option.Type == typeof(bool)) return text == "true" ? "on" : Off;
        if (Option.Name == "eval-queries" && text == "0") return All;
        if (ZeroIsOff.Contains(Option.Name) && text == "0") return Off;
        if (Option.Type == typeof(IReadOnlyList<string>)) return text.Replace(",", ", ", StringComparison.Ordinal);
        if (Option.Type != typeof(int) && Option.Type != typeof(double)) return text;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) return text;
        return Math.Abs(value) is > 0 and < 0.001
            ? value.ToString("0.####e+0", CultureInfo.InvariantCulture)
            : value.ToString("#,0.######", CultureInfo.InvariantCulture);
    }

    private string Plain(string typed)
    {
        var text = typed.Trim();
        if (Option.Type == typeof(bool)) return text switch { "on" or "yes" => "true", Off or "no" => "false", _ => text };
        if (Option.Type != typeof(int) && Option.Type != typeof(double)) return text;
        if (text.Equals(Off, StringComparison.OrdinalIgnoreCase) && ZeroIsOff.Contains(Option.Name)) return "0";
        if (text.Equals(All, StringComparison.OrdinalIgnoreCase) && Option.Name == "eval-queries") return "0";
        return text.Replace(",", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).Replace('\u2212', '-');
    }

    private static string Sentence(string name)
    {
        var text = name.Replace('-', ' ');
        return char.ToUpperInvariant(text[0]) + text[1..];
    }
}
