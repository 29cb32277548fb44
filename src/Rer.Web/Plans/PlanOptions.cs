using Rer.Engine.Data;
using Rer.Engine.Evaluation;
using Rer.Engine.Models;
using Rer.Engine.Ppo;
using Rer.Engine.Rewards;
using Rer.Engine.Runs;

namespace Rer.Web.Plans;

/// <summary>Every option of a plan but its design, in the order a page shows them.</summary>
public static class PlanOptions
{
    /// <summary>A plan at the paper's defaults, to compare with; it names no model and no data.</summary>
    public static RunPlan Default { get; } = new() { Design = RewardDesign.Parse("RER"), Policy = "", Data = "" };

    /// <summary>The options.</summary>
    public static IReadOnlyList<PlanOption> All { get; } =
    [
        Text("policy", "Policy", PlanGroup.Inputs, p => p.Policy, (p, v) => p with { Policy = v }, main: true, tip: "Folder of the model to train, Hugging Face layout."),
        Text("data", "Data", PlanGroup.Inputs, p => p.Data, (p, v) => p with { Data = v }, main: true, tip: "Prompts to train on."),
        Text("eval-data", "Evaluation data", PlanGroup.Inputs, p => p.EvaluationData ?? "", (p, v) => p with { EvaluationData = NullIfEmpty(v) }, main: true, tip: "Prompts to evaluate on; empty evaluates on the training prompts."),
        Text("gold", "Gold", PlanGroup.Inputs, p => p.Gold ?? "", (p, v) => p with { Gold = NullIfEmpty(v) }, main: true, tip: "Folder of the gold reward model. Empty trains without one: no gold curve, no verdict."),
        Text("relevance", "Relevance", PlanGroup.Inputs, p => p.Relevance, (p, v) => p with { Relevance = v }, main: true, tip: "lexical, precomputed, or contriever:FOLDER"),
        Text("template", "Template", PlanGroup.Inputs, p => p.Template, (p, v) => p with { Template = v }, main: true, tip: "How a query is wrapped for the policy.", choices: [.. PromptTemplate.All.Select(t => t.Name)]),

        Ppo("steps", "Steps", o => o.Steps, (o, v) => o with { Steps = v }, main: true),
        Ppo("batch-size", "Batch", o => o.BatchSize, (o, v) => o with { BatchSize = v }, main: true, tip: "Prompts a step."),
        Ppo("mini-batch-size", "Mini-batch", o => o.MiniBatchSize, (o, v) => o with { MiniBatchSize = v }, main: true, tip: "Sequences a forward pass of the update."),
        Ppo("gradient-accumulation", "Gradient accumulation", o => o.GradientAccumulation, (o, v) => o with { GradientAccumulation = v }, main: true, tip: "Mini-batches an optimiser step."),
        Ppo("epochs", "PPO epochs", o => o.Epochs, (o, v) => o with { Epochs = v }, main: true),
        Ppo("learning-rate", "Learning rate", o => o.LearningRate, (o, v) => o with { LearningRate = v }, main: true),
        Ppo("kl-coefficient", "KL coefficient", o => o.KlCoefficient, (o, v) => o with { KlCoefficient = v }, main: true),
        Switch("adaptive-kl", "KL adaptive", o => o.AdaptiveKl, (o, v) => o with { AdaptiveKl = v }, main: true),
        Ppo("kl-target", "KL target", o => o.KlTarget, (o, v) => o with { KlTarget = v }, main: true, tip: "The adaptive coefficient rises while the summed KL of a sequence is above this value, and falls while it is below."),
        Ppo("max-response-tokens", "New tokens, at most", o => o.MaxResponseTokens, (o, v) => o with { MaxResponseTokens = v }, main: true),
        Ppo("max-gradient-norm", "Gradient clipping", o => o.MaxGradientNorm, (o, v) => o with { MaxGradientNorm = v }, main: true, zeroIsOff: true),
        Ppo("clip-range", "Clip", o => o.ClipRange, (o, v) => o with { ClipRange = v }),
        Ppo("value-clip-range", "Value clip", o => o.ValueClipRange, (o, v) => o with { ValueClipRange = v }),
        Ppo("gamma", "Gamma", o => o.Gamma, (o, v) => o with { Gamma = v }, tip: "Discount of later rewards."),
        Ppo("lambda", "Lambda", o => o.Lambda, (o, v) => o with { Lambda = v }, tip: "Of generalised advantage estimation."),
        Ppo("value-coefficient", "Value coefficient", o => o.ValueCoefficient, (o, v) => o with { ValueCoefficient = v }),
        Ppo("kl-horizon", "KL horizon", o => o.KlHorizon, (o, v) => o with { KlHorizon = v }, tip: "Samples over which the coefficient adapts."),
        Switch("normalise-scores", "Score normalisation", o => o.NormaliseScores, (o, v) => o with { NormaliseScores = v }),
        Ppo("score-clip", "Score clip", o => o.ScoreClip, (o, v) => o with { ScoreClip = v }, zeroIsOff: true),
        Ppo("ratio-threshold", "Ratio threshold", o => o.RatioThreshold, (o, v) => o with { RatioThreshold = v }, tip: "A mini-batch whose mean ratio passes this value is skipped and counted."),
        Ppo("warmup-steps", "Warm-up steps", o => o.WarmupSteps, (o, v) => o with { WarmupSteps = v }, zeroIsOff: true),
        Ppo("temperature", "Temperature", o => o.Temperature, (o, v) => o with { Temperature = v }),
        Ppo("top-p", "Top-p", o => o.TopP, (o, v) => o with { TopP = v }),
        Ppo("top-k", "Top-k", o => o.TopK, (o, v) => o with { TopK = v }, zeroIsOff: true),
        Ppo("max-prompt-tokens", "Prompt tokens, at most", o => o.MaxPromptTokens, (o, v) => o with { MaxPromptTokens = v }),

        Lora("lora-rank", "LoRA r", o => PlanText.Of(o.Rank), (o, v) => o with { Rank = PlanText.Whole(v) }),
        Lora("lora-alpha", "LoRA alpha", o => PlanText.Of(o.Alpha), (o, v) => o with { Alpha = PlanText.Real(v) }),
        Lora("lora-targets", "LoRA modules", o => string.Join(", ", o.TargetModules), (o, v) => o with { TargetModules = v.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) }),

        Evaluation("eval-every", "Every, steps", o => PlanText.Of(o.Every), (o, v) => o with { Every = PlanText.Whole(v) }, main: true),
        Evaluation("eval-responses", "Responses a query", o => PlanText.Of(o.Responses), (o, v) => o with { Responses = PlanText.Whole(v) }, main: true),
        Evaluation("eval-queries", "Queries", o => o.Queries == 0 ? "all" : PlanText.Of(o.Queries), (o, v) => o with { Queries = v.Trim().Equals("all", StringComparison.OrdinalIgnoreCase) ? 0 : PlanText.Whole(v) }, main: true),
        Evaluation("eval-temperature", "Temperature", o => PlanText.Of(o.Temperature), (o, v) => o with { Temperature = PlanText.Real(v) }, main: true),
        Evaluation("eval-top-p", "Top-p", o => PlanText.Of(o.TopP), (o, v) => o with { TopP = PlanText.Real(v) }),
        Evaluation("eval-batch-size", "Queries together", o => PlanText.Of(o.BatchSize), (o, v) => o with { BatchSize = PlanText.Whole(v) }),

        Text("seed", "Seed", PlanGroup.Machine, p => PlanText.Of(p.Seed), (p, v) => p with { Seed = PlanText.Whole(v) }, main: true),
        Text("device", "Device", PlanGroup.Machine, p => p.Device, (p, v) => p with { Device = v }, tip: "auto takes CUDA where there is one."),
        Text("dtype", "Numbers", PlanGroup.Machine, p => p.DType, (p, v) => p with { DType = v }, tip: "auto: float32 on CPU, bfloat16 on CUDA.", choices: ["auto", "float32", "bfloat16"]),
    ];

    /// <summary>Options that a page compares with their default: all but models, data and seed.</summary>
    public static IEnumerable<PlanOption> Comparable => All.Where(o => o.Group != PlanGroup.Inputs && o.Name != "seed");

    /// <summary>Options of <see cref="Comparable"/> that differ from the paper's defaults.</summary>
    public static IReadOnlyList<PlanOption> Changed(RunPlan plan) => [.. Comparable.Where(o => !o.Same(plan, Default))];

    private static string? NullIfEmpty(string value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();

    private static PlanOption Text(
        string name, string label, PlanGroup group, Func<RunPlan, string> read, Func<RunPlan, string, RunPlan> write, bool main = false,
        string? tip = null, IReadOnlyList<string>? choices = null) => new(name, label, group, read, (p, v) => write(p, v.Trim())) { Main = main, Tip = tip, Choices = choices };

    private static PlanOption Ppo(
        string name, string label, Func<PpoOptions, int> read, Func<PpoOptions, int, PpoOptions> write, bool main = false, string? tip = null,
        bool zeroIsOff = false) => new(
        name, label, PlanGroup.Training, p => PlanText.Of(read(p.Ppo), zeroIsOff), (p, v) => p with { Ppo = write(p.Ppo, PlanText.Whole(v)) }) { Main = main, Tip = tip };

    private static PlanOption Ppo(
        string name, string label, Func<PpoOptions, double> read, Func<PpoOptions, double, PpoOptions> write, bool main = false, string? tip = null,
        bool zeroIsOff = false) => new(
        name, label, PlanGroup.Training, p => PlanText.Of(read(p.Ppo), zeroIsOff), (p, v) => p with { Ppo = write(p.Ppo, PlanText.Real(v)) }) { Main = main, Tip = tip };

    private static PlanOption Switch(string name, string label, Func<PpoOptions, bool> read, Func<PpoOptions, bool, PpoOptions> write, bool main = false) => new(
        name, label, PlanGroup.Training, p => PlanText.Of(read(p.Ppo)), (p, v) => p with { Ppo = write(p.Ppo, PlanText.Switch(v)) }) { Main = main, Choices = ["on", PlanText.Off] };

    private static PlanOption Lora(string name, string label, Func<LoraOptions, string> read, Func<LoraOptions, string, LoraOptions> write) => new(
        name, label, PlanGroup.Adapter, p => read(p.Lora), (p, v) => p with { Lora = write(p.Lora, v) });

    private static PlanOption Evaluation(
        string name, string label, Func<EvaluationOptions, string> read, Func<EvaluationOptions, string, EvaluationOptions> write, bool main = false) => new(
        name, label, PlanGroup.Evaluation, p => read(p.Evaluation), (p, v) => p with { Evaluation = write(p.Evaluation, v) }) { Main = main };
}
