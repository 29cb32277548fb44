using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rer.Engine.Evaluation;
using Rer.Engine.Models;
using Rer.Engine.Options;
using Rer.Engine.Ppo;
using Rer.Engine.Rewards;

namespace Rer.Engine.Runs;

/// <summary>Everything that defines a run. Immutable; serialises to JSON; equal plans on one machine repeat bit for bit on CPU.</summary>
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

    /// <summary>Folder of the gold reward model; null trains without a gold reward (no verdict).</summary>
    public string? Gold { get; init; }

    /// <summary>`lexical`, `precomputed`, or `contriever:FOLDER`.</summary>
    public string Relevance { get; init; } = "lexical";

    /// <summary>Prompt template by name (see `Data.PromptTemplate`); the paper uses `alpaca`.</summary>
    public string Template { get; init; } = "alpaca";

    /// <summary>PPO options.</summary>
    public PpoOptions Ppo { get; init; } = new();

    /// <summary>Adapter options.</summary>
    public LoraOptions Lora { get; init; } = new();

    /// <summary>Evaluation options.</summary>
    public EvaluationOptions Evaluation { get; init; } = new();

    /// <summary>Seed of everything random.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>`auto` (CUDA where libtorch finds a device), `cpu`, `cuda`, `cuda:N`.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>`auto` (float32 on CPU, bfloat16 on CUDA), `float32` or `bfloat16`.</summary>
    public string DType { get; init; } = "auto";

    /// <summary>Identifies the plan: 12 hexadecimal digits of SHA-256 over its JSON.</summary>
    [JsonIgnore]
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this, RunJson.Compact)))[..12];

    /// <summary>Everything that is wrong with the plan; empty where it can be run.</summary>
    public IReadOnlyList<PlanError> Validate()
    {
        var errors = new List<PlanError>();
        if (!Directory.Exists(Policy)) errors.Add(new PlanError("policy", Policy, "is not a folder. Give the folder of a model in Hugging Face layout."));
        if (!File.Exists(Data)) errors.Add(new PlanError("data", Data, "is not a file. Give a prompt set in JSON."));
        return errors;
    }
}
