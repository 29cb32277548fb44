using System.CommandLine;
using System.Globalization;
using Rer.Cli.Output;
using Rer.Engine.Data;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Gold;
using Rer.Engine.Library;
using Rer.Engine.Models;
using Rer.Engine.Models.Architectures;
using Rer.Engine.Models.Weights;
using Rer.Engine.Rewards;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Tokenizers;

namespace Rer.Cli.Commands;

/// <summary>`rer inspect`: what a model folder holds, what it can serve as, and what a run with it takes; no weight is read.</summary>
internal sealed class InspectCommand : Command
{
    private readonly CommandConsole _console;
    private readonly Argument<string> _folder = new("FOLDER") { Description = "A model's folder in Hugging Face layout." };
    private readonly Option<bool> _tensors = new("--tensors") { Description = "List every tensor with its type and shape." };

    private readonly Option<string> _plan = new("--plan")
    {
        Description = "Plan in JSON (`rer show RUN --plan` writes one) whose memory is estimated, with the folder in the place it can "
            + "fill; by default a plan of the defaults.",
        HelpName = "FILE",
    };

    public InspectCommand(CommandConsole console)
        : base("inspect", "Show what a model folder holds, what it can serve as, and the memory a run takes.")
    {
        _console = console;
        Arguments.Add(_folder);
        Options.Add(_plan);
        Options.Add(_tensors);
        SetAction(Inspect);
    }

    private int Inspect(ParseResult parsed)
    {
        var folder = parsed.GetRequiredValue(_folder);
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"{folder}: there is no such model folder.");
        var uses = ModelSummary.UsesOf(folder);
        using var weights = WeightFolder.Open(folder);
        var files = ModelSummary.Read(folder).Tokenizer;
        var tokenizer = files.Length > 0 ? TokenizerLoader.Load(folder) : null;

        var facts = new TextTable("", "") { WordColumns = 2 };
        var rows = ArchitectureRegistry.IsEncoderFolder(folder) ? Encoder(facts, folder) : LanguageModel(facts, folder, tokenizer);
        facts.Add("vocabulary", tokenizer is null ? $"{rows} rows" : $"{rows} rows, tokenizer {tokenizer.VocabularySize}");
        facts.Add("parameters", Count(weights.Entries.Sum(e => e.Count)));
        facts.Add("types", string.Join(", ", weights.Entries.GroupBy(e => e.DType).Select(g => $"{g.Key} x {g.Count()}")));
        facts.Add("tokenizer", files.Length > 0 ? files : "none");
        facts.Add("chat template", Template(folder));
        facts.Add("serves as", uses.Count == 0 ? "nothing here" : string.Join(", ", uses.Select(use => Use(use, folder))));
        if (uses.Contains(ModelUse.Policy) && PresetAdvice.For(weights.Entries.Sum(e => e.Count)) is { } preset)
        {
            var options = string.Join(", ", preset.Options.Select(option => $"--{option.Key} {option.Value}"));
            facts.Add("small policy", $"train with --preset {preset.Name}: {options}");
        }

        facts.Write(_console.Out);

        if (Plan(parsed.GetValue(_plan), folder, uses) is { } plan) WriteMemory(plan);
        if (parsed.GetValue(_tensors)) WriteTensors(weights);
        if (tokenizer?.VocabularySize > rows)
            throw new InvalidDataException(
                $"{folder}: the tokenizer has ids up to {tokenizer.VocabularySize - 1} but the model's embedding holds {rows} rows. They "
                    + "belong to different models.");
        if (uses.Contains(ModelUse.Policy)) CausalLm.CheckFolder(folder);
        return ExitCode.Ok;
    }

    private static int LanguageModel(TextTable facts, string folder, ITokenizer? tokenizer)
    {
        var config = ModelConfig.Read(folder);
        facts.Add("architecture", $"{config.Architecture} ({config.ModelType})");
        facts.Add("layers", $"{config.Layers}, width {config.HiddenSize}, feed-forward {config.IntermediateSize}, {config.Activation}");
        facts.Add("attention",
            $"{config.Heads} heads of {config.HeadSize}, {config.KeyValueHeads} of keys and "
                + $"values{(config.SlidingWindow is { } window ? $", a window of {window} tokens" : "")}");
        facts.Add("context",
            $"{config.MaxPositions} tokens{(config.RopeScaling is { } scaling ? $" ({scaling.Kind} scaling by {scaling.Factor})" : "")}");
        facts.Add("special ids",
            $"begin {Id(tokenizer, tokenizer?.BosId ?? config.BosId)}, end "
                + $"{string.Join(" or ", config.EosIds.Select(id => Id(tokenizer, id)))}, padding "
                + $"{Id(tokenizer, tokenizer?.PadId ?? config.PadId)}");
        return config.VocabularySize;
    }

    private static int Encoder(TextTable facts, string folder)
    {
        var config = BertConfig.Load(folder);
        facts.Add("architecture", ModelSummary.Read(folder).Architecture);
        facts.Add("layers", $"{config.Layers}, width {config.HiddenSize}, feed-forward {config.IntermediateSize}, {config.Activation}");
        facts.Add("attention", $"{config.Heads} heads of {config.HiddenSize / config.Heads}");
        facts.Add("context", $"{config.MaxTokens} tokens");
        return config.VocabularySize;
    }

    private static string Template(string folder)
    {
        if (!ChatTemplate.In(folder)) return "none";
        var names = ChatTemplate.Names(folder);
        try
        {
            var template =
                PromptTemplate.Of(names.Contains("default") ? PromptTemplate.ChatName : $"{PromptTemplate.ChatName}:{names[0]}", folder);
            var turns = template.RoleStops.Count == 0 ? "" : $"; turns marked {string.Join(" ", template.RoleStops)}";
            return (names.Count == 1 ? "one" : string.Join(", ", names)) + turns;
        }
        catch (FormatException error)
        {
            return $"cannot be used: {error.Message}";
        }
    }

    private static string Use(ModelUse use, string folder) => use switch
    {
        ModelUse.Gold => $"gold ({GoldRewardModels.Describe(folder)})",
        ModelUse.Relevance => "encoder for relevance",
        _ => use.ToString().ToLowerInvariant(),
    };

    /// <summary>The plan with the folder as policy, or else as gold or encoder; null where no plan can be made with it.</summary>
    private static RunPlan? Plan(string? file, string folder, IReadOnlyList<ModelUse> uses)
    {
        var plan = file is null ? null : PlanFile.Read(file);
        if (uses.Contains(ModelUse.Policy))
            return (plan ?? new RunPlan { Design = RewardDesign.Presets[^1].Design, Policy = "", Data = "" }) with { Policy = folder };
        if (plan is not null && uses.Contains(ModelUse.Gold)) return plan with { Gold = folder };
        return plan;
    }

    private void WriteMemory(RunPlan plan)
    {
        var estimate = RunEstimate.Of(plan, null, LongestPrompt(plan));
        _console.Out.WriteLine();
        _console.Out.WriteLine(
            $"memory of a run with batches of {plan.Ppo.BatchSize}, mini-batches of {plan.Ppo.MiniBatchSize}, responses of "
                + $"{plan.Ppo.MaxResponseTokens} tokens, on {plan.Device}:");
        var table = new TextTable("for", "MiB") { WordColumns = 1 };
        foreach (var part in estimate.Parts) table.Add(part.Name, Mebibytes(part.Bytes));
        table.Add("at the peak", Mebibytes(estimate.Bytes));
        table.Write(_console.Out);
    }

    /// <summary>Tokens of the plan's longest prompt, where its data is there; what is longest in characters is encoded.</summary>
    private static int? LongestPrompt(RunPlan plan)
    {
        const int candidates = 64;
        if (!File.Exists(plan.Data)) return null;
        var template = PromptTemplate.Of(plan.Template, plan.Policy);
        var tokenizer = TokenizerLoader.Load(plan.Policy);
        var items = PromptSet.Load(plan.Data, plan.Columns).Items.AsEnumerable();
        if (plan.EvaluationData is { } evaluation && File.Exists(evaluation))
            items = items.Concat(PromptSet.Load(evaluation, plan.EvaluationColumns).Items);
        var prompts = items.Select(item => template.Render(item.Query));
        return Math.Min(plan.Ppo.MaxPromptTokens,
            prompts.OrderByDescending(prompt => prompt.Length).Take(candidates)
                .Max(prompt => tokenizer.Encode(prompt, template.AddsSpecialTokens).Length));
    }

    private void WriteTensors(WeightFolder weights)
    {
        _console.Out.WriteLine();
        var table = new TextTable("tensor", "type", "shape") { WordColumns = 3 };
        foreach (var entry in weights.Entries.OrderBy(e => e.Name, StringComparer.Ordinal))
            table.Add(entry.Name, entry.DType, $"[{string.Join(", ", entry.Shape)}]");
        table.Write(_console.Out);
    }

    private static string Mebibytes(double bytes) => (bytes / (1 << 20)).ToString("N0", CultureInfo.InvariantCulture);

    private static string Id(ITokenizer? tokenizer, int? id) =>
        id is { } known ? $"{known} {tokenizer?.IdToToken(known)}".TrimEnd() : "none";

    private static string Count(long parameters) => parameters switch
    {
        >= 1_000_000_000 => (parameters / 1e9).ToString("F2", CultureInfo.InvariantCulture) + " billion",
        >= 1_000_000 => (parameters / 1e6).ToString("F2", CultureInfo.InvariantCulture) + " million",
        _ => parameters.ToString("N0", CultureInfo.InvariantCulture),
    };
}
