using Rer.Engine.Gold;
using Rer.Engine.Input;
using Rer.Engine.Models.Architectures;
using Rer.Engine.Models.Weights;

namespace Rer.Engine.Library;

/// <summary>What a model folder holds, told from its configuration and the headers of its weights; no weight is read.</summary>
public sealed record ModelSummary
{
    /// <summary>Largest card that is shown, in bytes.</summary>
    private const long LargestCard = 1 << 20;

    private static readonly string[] CardNames = ["README.md", "CARD.md", "card.md"];
    private static readonly string[] TokenizerNames = ["tokenizer.json", "tokenizer.model", "vocab.json", "vocab.txt"];

    /// <summary>The folder.</summary>
    public required string Path { get; init; }

    /// <summary>The folder's name.</summary>
    public required string Name { get; init; }

    /// <summary>What it can serve as.</summary>
    public required ModelUse Use { get; init; }

    /// <summary>`architectures` of its configuration; the model's type where that is missing.</summary>
    public required string Architecture { get; init; }

    /// <summary>Number of parameters.</summary>
    public required long Parameters { get; init; }

    /// <summary>Bytes of the weight files.</summary>
    public required long Bytes { get; init; }

    /// <summary>Types of the weights, the most frequent first: `F16`.</summary>
    public required string WeightTypes { get; init; }

    /// <summary>Layers; 0 where the configuration does not say.</summary>
    public int Layers { get; init; }

    /// <summary>Attention heads.</summary>
    public int Heads { get; init; }

    /// <summary>Width of the hidden states.</summary>
    public int HiddenSize { get; init; }

    /// <summary>Longest context in tokens.</summary>
    public int Context { get; init; }

    /// <summary>Entries of the vocabulary.</summary>
    public int Vocabulary { get; init; }

    /// <summary>The tokenizer's file; empty where the folder has none.</summary>
    public string Tokenizer { get; init; } = "";

    /// <summary>The folder's card; empty where it has none.</summary>
    public string Card { get; init; } = "";

    /// <summary>Why the folder cannot be used; null where nothing is known against it.</summary>
    public string? Problem { get; init; }

    /// <summary>Reads a folder that has a `config.json`.</summary>
    /// <remarks>A folder that cannot be read is summarised all the same, with its <see cref="Problem"/>.</remarks>
    public static ModelSummary Read(string folder)
    {
        var name = System.IO.Path.GetFileName(folder.TrimEnd(System.IO.Path.DirectorySeparatorChar));
        var empty = new ModelSummary
        {
            Path = folder,
            Name = name,
            Use = ModelUse.Policy,
            Architecture = "",
            Parameters = 0,
            Bytes = 0,
            WeightTypes = "",
        };
        try
        {
            var config = ConfigFields.Read(System.IO.Path.Combine(folder, "config.json"));
            using var weights = WeightFolder.Open(folder);
            var entries = weights.Entries.ToArray();
            var uses = UsesOf(folder);
            var architecture = config.FirstText("architectures", config.Text("model_type", ""));
            return empty with
            {
                Architecture = architecture,
                Use = uses is [var use, ..] ? use : ModelUse.Policy,
                Problem = uses.Count > 0 ? null : PolicyProblem(folder) ?? GoldRewardModels.Problem(folder),
                Parameters = entries.Sum(e => e.Count),
                Bytes = Directory.EnumerateFiles(folder, "*.safetensors").Where(InputFile.Exists).Sum(InputFile.Length),
                WeightTypes = string.Join(", ",
                    entries.GroupBy(e => e.DType).OrderByDescending(g => g.Sum(e => e.Count)).Select(g => g.Key)),
                Layers = Number(config, "num_hidden_layers", "n_layer"),
                Heads = Number(config, "num_attention_heads", "n_head"),
                HiddenSize = Number(config, "hidden_size", "n_embd"),
                Context = Number(config, "max_position_embeddings", "n_positions"),
                Vocabulary = Number(config, "vocab_size"),
                Tokenizer = TokenizerNames.FirstOrDefault(f => File.Exists(System.IO.Path.Combine(folder, f))) ?? "",
                Card = CardNames.Select(f => System.IO.Path.Combine(folder, f)).FirstOrDefault(File.Exists) is { } card ? CardOf(card) : "",
            };
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return empty with { Problem = e.Message };
        }
    }

    /// <summary>
    /// What a folder can serve as, from its configuration and the headers of its weights; nothing where it is of no use here.
    /// </summary>
    public static IReadOnlyList<ModelUse> UsesOf(string folder)
    {
        var uses = new List<ModelUse>();
        if (GoldRewardModels.Problem(folder) is null) uses.Add(ModelUse.Gold);
        if (ArchitectureRegistry.IsEncoderFolder(folder)) uses.Add(ModelUse.Relevance);
        else if (PolicyProblem(folder) is null) uses.Add(ModelUse.Policy);
        return uses;
    }

    private static string? PolicyProblem(string folder)
    {
        try
        {
            ArchitectureRegistry.RequirePolicy(ModelConfig.Read(folder), folder);
            return null;
        }
        catch (Exception error) when (error is InvalidDataException or IOException or NotSupportedException)
        {
            return error.Message;
        }
    }

    /// <summary>A card is shown, whatever its encoding; one that is no text of a sensible size is none.</summary>
    private static string CardOf(string file) =>
        InputFile.Exists(file) && InputFile.Length(file) <= LargestCard ? File.ReadAllText(file) : "";

    private static int Number(ConfigFields config, params string[] fields) =>
        fields.Select(field => config.OptionalInt(field) ?? 0).FirstOrDefault(number => number > 0);
}

/// <summary>What a model folder can serve as.</summary>
public enum ModelUse
{
    /// <summary>Trained by PPO: a language model.</summary>
    Policy,

    /// <summary>The judge: a model with a head that scores.</summary>
    Gold,

    /// <summary>Embeds texts for relevance: an encoder.</summary>
    Relevance,
}
