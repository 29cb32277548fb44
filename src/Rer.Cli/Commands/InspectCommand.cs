using System.CommandLine;
using System.Globalization;
using Rer.Cli.Output;
using Rer.Engine.Models;
using Rer.Engine.Tokenizers;

namespace Rer.Cli.Commands;

/// <summary>`rer inspect`: what a model folder holds, without loading it.</summary>
internal sealed class InspectCommand : Command
{
    private readonly CommandConsole _console;
    private readonly Argument<string> _folder = new("FOLDER") { Description = "A model's folder in Hugging Face layout." };
    private readonly Option<bool> _tensors = new("--tensors") { Description = "List every tensor with its type and shape." };

    public InspectCommand(CommandConsole console) : base("inspect", "Show what a model folder holds: architecture, size, tokenizer, tensors.")
    {
        _console = console;
        Arguments.Add(_folder);
        Options.Add(_tensors);
        SetAction(Inspect);
    }

    private int Inspect(ParseResult parsed)
    {
        var folder = parsed.GetRequiredValue(_folder);
        var config = ModelConfig.Read(folder);
        using var weights = WeightFolder.Open(folder);
        var tokenizer = TokenizerLoader.Load(folder);

        var facts = new TextTable("", "") { WordColumns = 2 };
        facts.Add("architecture", $"{config.Architecture} ({config.ModelType})");
        facts.Add("parameters", Count(weights.Entries.Sum(e => e.Count)));
        facts.Add("types", string.Join(", ", weights.Entries.GroupBy(e => e.DType).Select(g => $"{g.Key} x {g.Count()}")));
        facts.Add("layers", $"{config.Layers}, width {config.HiddenSize}, feed-forward {config.IntermediateSize}");
        facts.Add("attention", $"{config.Heads} heads of {config.HeadSize}, {config.KeyValueHeads} of keys and values");
        facts.Add("context", $"{config.MaxPositions} tokens");
        facts.Add("vocabulary", $"{config.VocabularySize} rows, tokenizer {tokenizer.VocabularySize}");
        facts.Add("special ids", $"begin {Id(tokenizer, tokenizer.BosId)}, end {string.Join(" or ", config.EosIds.Select(id => Id(tokenizer, id)))}, padding {Id(tokenizer, tokenizer.PadId)}");
        facts.Write(_console.Out);
        if (parsed.GetValue(_tensors)) WriteTensors(weights);
        config.CheckVocabulary(tokenizer.VocabularySize, folder);
        return ExitCode.Ok;
    }

    private void WriteTensors(WeightFolder weights)
    {
        _console.Out.WriteLine();
        var table = new TextTable("tensor", "type", "shape") { WordColumns = 3 };
        foreach (var entry in weights.Entries.OrderBy(e => e.Name, StringComparer.Ordinal))
            table.Add(entry.Name, entry.DType, $"[{string.Join(", ", entry.Shape)}]");
        table.Write(_console.Out);
    }

    private static string Id(ITokenizer tokenizer, int? id) => id is { } known ? $"{known} {tokenizer.IdToToken(known)}" : "none";

    private static string Count(long parameters) => parameters switch
    {
        >= 1_000_000_000 => (parameters / 1e9).ToString("F2", CultureInfo.InvariantCulture) + " billion",
        >= 1_000_000 => (parameters / 1e6).ToString("F2", CultureInfo.InvariantCulture) + " million",
        _ => parameters.ToString("N0", CultureInfo.InvariantCulture),
    };
}
