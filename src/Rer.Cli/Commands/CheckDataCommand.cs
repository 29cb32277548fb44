using System.CommandLine;
using Rer.Cli.Output;
using Rer.Engine.Data;
using Rer.Engine.Data.Preferences;
using Rer.Engine.Data.Prompts;

namespace Rer.Cli.Commands;

/// <summary>`rer check-data`: whether a file can be used, with every bad row, and what it holds.</summary>
internal sealed class CheckDataCommand : Command
{
    private readonly CommandConsole _console;
    private readonly Argument<string> _file = new("FILE")
    {
        Description = "Prompts, or with --pairs preference pairs: JSON, JSON Lines, CSV or TSV, also packed as .gz, or Parquet.",
    };
    private readonly Option<bool> _pairs = new("--pairs") { Description = "The file holds preference pairs." };

    private readonly Option<string> _columns = new("--columns")
    {
        Description = "Field names where they are not the usual ones, such as query=question,reference=answer; of pairs prompt, chosen, "
            + "rejected, "
            + "subset.",
        HelpName = "MAP",
    };

    public CheckDataCommand(CommandConsole console)
        : base("check-data", "Check a file of prompts or preference pairs: every bad row with its place, and what the file holds.")
    {
        _console = console;
        Arguments.Add(_file);
        Options.Add(_pairs);
        Options.Add(_columns);
        SetAction(Check);
    }

    private int Check(ParseResult parsed)
    {
        var (file, columns) = (parsed.GetRequiredValue(_file), parsed.GetValue(_columns) ?? "");
        try
        {
            if (parsed.GetValue(_pairs)) Write(PreferenceSet.Load(file, PreferenceColumns.Parse(columns)));
            else Write(PromptSet.Load(file, PromptColumns.Parse(columns)));
            return ExitCode.Ok;
        }
        catch (DataFileException e)
        {
            // Uncapped: whoever asks for a check means to mend the file.
            foreach (var error in e.Errors) _console.Error.WriteLine(error);
            return ExitCode.Failed;
        }
    }

    private void Write(PromptSet prompts)
    {
        var table = new TextTable("", "") { WordColumns = 1 };
        table.Add("prompts", $"{prompts.Count}");
        foreach (var type in QueryTypes.All) table.Add(type.Code(), $"{prompts.CountOf(type)}");
        table.Add("without a query type", $"{prompts.CountOf(null)}");
        table.Add("type predicted", $"{prompts.Items.Count(item => item.QueryTypeIsPredicted)}");
        table.Add("with a reference", $"{prompts.Items.Count(item => item.Reference is not null)}");
        table.Add("with a relevance", $"{prompts.Items.Count(item => item.Relevance is not null)}");
        table.Add("queries repeated", $"{prompts.Count - prompts.Items.Select(item => item.Query).Distinct().Count()}");
        foreach (var dataset in prompts.Items.GroupBy(item => item.Dataset).Where(group => group.Key is not null)
            .OrderBy(group => group.Key, StringComparer.Ordinal))
            table.Add($"of {dataset.Key}", $"{dataset.Count()}");
        table.Write(_console.Out);
    }

    private void Write(PreferenceSet pairs)
    {
        var table = new TextTable("", "") { WordColumns = 1 };
        table.Add("pairs", $"{pairs.Count}");
        table.Add("prompts", $"{pairs.Pairs.Select(pair => pair.Prompt).Distinct().Count()}");
        table.Add("chosen and rejected alike", $"{pairs.Pairs.Count(pair => pair.Chosen == pair.Rejected)}");
        foreach (var subset in pairs.Pairs.GroupBy(pair => pair.Subset).Where(group => group.Key is not null)
            .OrderBy(group => group.Key, StringComparer.Ordinal))
            table.Add($"of {subset.Key}", $"{subset.Count()}");
        table.Write(_console.Out);
    }
}
