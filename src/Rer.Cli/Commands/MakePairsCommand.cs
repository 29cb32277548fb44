using System.CommandLine;
using Rer.Cli.Options;
using Rer.Cli.Output;
using Rer.Engine.Data.Preferences;
using Rer.Engine.Data.Prompts;

namespace Rer.Cli.Commands;

/// <summary>`rer make-pairs`: contrastive preference pairs from a prompt set with references.</summary>
internal sealed class MakePairsCommand : Command
{
    private readonly CommandConsole _console;
    private readonly Option<string> _data =
        new("--data") { Description = "Prompt set with references.", HelpName = "FILE", Required = true };
    private readonly ColumnsOption _columns = new();
    private readonly Option<string> _out =
        new("--out") { Description = "File of pairs: JSON Lines where it ends in .jsonl, else JSON.", HelpName = "FILE", Required = true };
    private readonly Option<int> _pairs = new Option<int>("--pairs-per-item")
    {
        Description = "Pairs for each prompt, each spoiled in another way.",
        DefaultValueFactory = _ => 1,
    }.Within(1, ContrastivePairs.Kinds.Count);
    private readonly Option<int> _seed = new("--seed") { Description = "Seed.", DefaultValueFactory = _ => 1 };

    public MakePairsCommand(CommandConsole console)
        : base("make-pairs", $"Make preference pairs: the reference against a spoiled one ({string.Join(", ", ContrastivePairs.Kinds)}).")
    {
        _console = console;
        foreach (var option in new Option[] { _data, _columns, _out, _pairs, _seed }) Options.Add(option);
        SetAction(Make);
    }

    private int Make(ParseResult parsed)
    {
        var prompts = PromptSet.Load(parsed.GetRequiredValue(_data), _columns.Read(parsed));
        var pairs = ContrastivePairs.Make(prompts, parsed.GetRequiredValue(_seed), parsed.GetRequiredValue(_pairs));
        pairs.Save(parsed.GetRequiredValue(_out));
        var table = new TextTable("subset", "pairs") { WordColumns = 1 };
        foreach (var subset in pairs.Pairs.GroupBy(p => p.Subset ?? Figures.None)) table.Add(subset.Key, $"{subset.Count()}");
        table.Add("all", $"{pairs.Count}");
        table.Write(_console.Out);
        return ExitCode.Ok;
    }
}
