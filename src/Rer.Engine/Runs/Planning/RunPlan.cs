using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rer.Engine.Data;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation;
using Rer.Engine.Gold;
using Rer.Engine.Models.Adapters;
using Rer.Engine.Options;
using Rer.Engine.Rewards;
using Rer.Engine.Runs.Events;
using Rer.Engine.Training;

namespace Rer.Engine.Runs.Planning;

/// <summary>Everything that defines a run. Immutable; serialises to JSON; equal plans on one machine repeat bit for bit on CPU.</summary>
[OptionSection]
public sealed record RunPlan
{
    /// <summary>The white-box reward that PPO maximises.</summary>
    public required RewardDesign Design { get; init; }

    /// <summary>Folder of the policy, Hugging Face layout.</summary>
    public required string Policy { get; init; }

    /// <summary>Prompt set to train on.</summary>
    public required string Data { get; init; }

    /// <summary>Prompt set to evaluate on; null uses <see cref="Data"/>.</summary>
    public string? EvaluationData { get; init; }

    /// <summary>Names of the fields in the data, such as `query=question,reference=answer`; by default the usual names.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PromptColumns? Columns { get; init; }

    /// <summary>The same for the evaluation data, where that is a separate file.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PromptColumns? EvaluationColumns { get; init; }

    /// <summary>
    /// Gold reward: a model's folder; `dpo:FOLDER,reference=FOLDER` (two policies); or a server's `openrlhf:URL`, `vllm-classify:URL`,
    /// `vllm-pooling:URL`. Settings follow as `,name=value`: label, template, normalize; beta; model, batch, timeout, retries, token (the
    /// name of an environment variable, `RER_TOKEN_...`). None trains without a gold reward (no verdict).
    /// </summary>
    public string? Gold { get; init; }

    /// <summary>Relevance model: `lexical`, `precomputed`, or `contriever:FOLDER`.</summary>
    public string Relevance { get; init; } = "lexical";

    /// <summary>
    /// Prompt template: `alpaca` (the paper's), `vicuna_v1.1`, `llama-2`, `zephyr`, `tulu`, `plain`, `newline`, or `chat`: the policy's own
    /// chat template.
    /// </summary>
    public string Template { get; init; } = "alpaca";

    /// <summary>
    /// Skip prompts longer than the context or --max-prompt-tokens; otherwise they are errors. Default false.
    /// </summary>
    public bool SkipLongPrompts { get; init; }

    /// <summary>PPO options.</summary>
    public PpoOptions Ppo { get; init; } = new();

    /// <summary>Adapter options.</summary>
    public LoraOptions Lora { get; init; } = new();

    /// <summary>Evaluation options.</summary>
    public EvaluationOptions Evaluation { get; init; } = new();

    /// <summary>Random seed.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Device: `auto` (CUDA where libtorch finds a device), `cpu`, `cuda`, `cuda:N`.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>
    /// Data type of the weights: `auto` (float32 on CPU; on CUDA the checkpoint's own, float16 as bfloat16), `float32` or `bfloat16`.
    /// </summary>
    public string DType { get; init; } = "auto";

    /// <summary>Identifies the plan: 12 hexadecimal digits of SHA-256 over its JSON.</summary>
    [JsonIgnore]
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this, RunJson.Compact)))[..12];

    /// <summary>
    /// What the plan has in common with its repetitions under other seeds: 12 hexadecimal digits over every option but the seed, paths
    /// as full ones. Runs may be averaged where it is equal, and nowhere else.
    /// </summary>
    [JsonIgnore]
    public string GroupHash
    {
        get
        {
            var full = WithFullPaths();
            var options = PlanOption.All.Where(option => option.Name != PlanOption.SeedName)
                .Select(option => $"{option.Name}={option.Identity(full)}");
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', options))))[..12];
        }
    }

    /// <summary>The same study with every option that has a default set to it.</summary>
    public RunPlan WithDefaults() => new()
    {
        Design = Design,
        Policy = Policy,
        Data = Data,
        EvaluationData = EvaluationData,
        Columns = Columns,
        EvaluationColumns = EvaluationColumns,
        Gold = Gold,
    };

    /// <summary>The options on which the plan differs from another, in the order of <see cref="PlanOption.All"/>.</summary>
    public IReadOnlyList<PlanDifference> DifferencesFrom(RunPlan other) =>
    [
        .. PlanOption.All
            .Select(option => new PlanDifference(option.Name, option.Text(this), option.Text(other)))
            .Where(difference => difference.Value != difference.Other),
    ];

    /// <summary>
    /// Whether both plans take the same course, step for step: they differ in the number of steps and the form of paths at most.
    /// </summary>
    public bool SameCourseAs(RunPlan other) =>
        (other.WithFullPaths() with { Ppo = other.Ppo with { Steps = Ppo.Steps } }).Hash == WithFullPaths().Hash;

    /// <summary>The plan with every path made a full one, so that it means the same from any folder.</summary>
    public RunPlan WithFullPaths() => this with
    {
        Policy = Path.GetFullPath(Policy),
        Data = Data.Length == 0 ? Data : Path.GetFullPath(Data),
        EvaluationData = EvaluationData is null ? null : Path.GetFullPath(EvaluationData),
        Gold = Gold is null ? null : GoldSource.Parse(Gold).WithFullPaths().ToString(),
        Relevance = Relevance.Split(':', 2) is [var kind, var folder] ? $"{kind}:{Path.GetFullPath(folder)}" : Relevance,
    };

    /// <summary>Reads the prompts to train on.</summary>
    /// <exception cref="DataFileException">A row is bad; the message lists every such row.</exception>
    public PromptSet LoadData() => PromptSet.Load(Data, Columns);

    /// <summary>Reads the prompts to evaluate on.</summary>
    /// <exception cref="DataFileException">A row is bad; the message lists every such row.</exception>
    public PromptSet LoadEvaluationData() => EvaluationData is null ? LoadData() : PromptSet.Load(EvaluationData, EvaluationColumns);

    /// <summary>Everything that is wrong with the options themselves; reads no file.</summary>
    public IReadOnlyList<PlanError> ValidateOptions() => new PlanCheck(this).Options();

    /// <summary>Everything that is wrong with the plan: its options, and its files as they are now. Empty where it can be run.</summary>
    public IReadOnlyList<PlanError> Validate() => new PlanCheck(this).Everything();
}

/// <summary>An option on which two plans differ.</summary>
/// <param name="Option">Its name: `clip-range`.</param>
/// <param name="Value">Its value in this plan.</param>
/// <param name="Other">Its value in the other.</param>
public sealed record PlanDifference(string Option, string Value, string Other);
