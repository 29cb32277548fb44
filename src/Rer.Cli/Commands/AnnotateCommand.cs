using System.CommandLine;
using System.Text.Json.Nodes;
using Rer.Cli.Options;
using Rer.Cli.Output;
using Rer.Engine.Data;
using Rer.Engine.Data.Prompts;

namespace Rer.Cli.Commands;

/// <summary>`rer annotate`: query types for a set that has none, by a classifier trained on one that has.</summary>
internal sealed class AnnotateCommand : Command
{
    private readonly CommandConsole _console;
    private readonly Option<string> _from =
        new("--from") { Description = "Annotated prompt set to learn from: its items have a qtype.", HelpName = "FILE", Required = true };
    private readonly Option<string> _data =
        new("--data") { Description = "Prompt set to annotate; types that it has are kept.", HelpName = "FILE", Required = true };
    private readonly ColumnsOption _columns = new();
    private readonly Option<string> _out = new("--out")
    {
        Description = "The copy with types: JSON Lines where it ends in .jsonl, else JSON.",
        HelpName = "FILE",
        Required = true,
    };
    private readonly Option<double> _heldOut =
        new("--held-out")
        {
            Description = "Share of the annotated items to hold out for measuring accuracy.",
            DefaultValueFactory = _ => 0.2,
        };
    private readonly Option<int> _seed =
        new("--seed") { Description = "Seed of the held-out split and of the order of training.", DefaultValueFactory = _ => 1 };

    public AnnotateCommand(CommandConsole console)
        : base("annotate",
            "Predict missing query types: train a classifier on an annotated set, report its held-out accuracy, write a copy with `qtype` "
                + "and `qtype_predicted`.")
    {
        _console = console;
        foreach (var option in new Option[] { _from, _data, _columns, _out, _heldOut, _seed }) Options.Add(option);
        SetAction(Annotate);
    }

    private int Annotate(ParseResult parsed)
    {
        var (data, file) = (parsed.GetRequiredValue(_data), parsed.GetRequiredValue(_out));
        if (Path.GetFullPath(data) == Path.GetFullPath(file))
            throw new InvalidDataException($"--out {file}: is the file of --data. Predicted types go into a copy: give another name.");
        var learned = PromptSet.Load(parsed.GetRequiredValue(_from));
        var prompts = PromptSet.Load(data, _columns.Read(parsed));
        var classifier = QueryTypeClassifier.Train(learned, parsed.GetRequiredValue(_seed), parsed.GetRequiredValue(_heldOut));
        var annotated = classifier.Annotate(prompts);
        DataFile.Write(file, DataFile.Read(data).Zip(annotated.Items, Copy));
        Report(classifier, prompts, annotated);
        return ExitCode.Ok;
    }

    /// <summary>The row as it was, with its type.</summary>
    private static JsonObject Copy(DataRow row, PromptItem item)
    {
        var copy = JsonObject.Create(row.Fields)!;
        copy["qtype"] = item.QueryType!.Value.Code();
        if (item.QueryTypeIsPredicted) copy["qtype_predicted"] = true;
        return copy;
    }

    private void Report(QueryTypeClassifier classifier, PromptSet prompts, PromptSet annotated)
    {
        var measured = new TextTable("measured on", "items", "accuracy", "commoner type") { WordColumns = 1 };
        measured.Add("held out", $"{classifier.HeldOutCount}", Figures.Fixed(classifier.HeldOutAccuracy),
            Figures.Fixed(classifier.MajorityShare));
        // Types that a person gave to the set itself tell whether what was learned elsewhere holds here.
        if (prompts.Items.Where(item => item.QueryType is not null && !item.QueryTypeIsPredicted).ToArray() is { Length: > 0 } known)
        {
            measured.Add(
                "types that were there",
                $"{known.Length}",
                Figures.Fixed(known.Count(item => classifier.Predict(item.Query).Type == item.QueryType) / (double)known.Length),
                Figures.Fixed(QueryTypes.All.Max(type => known.Count(item => item.QueryType == type)) / (double)known.Length));
        }

        measured.Write(_console.Out);
        _console.Out.WriteLine();
        var written = new TextTable("query type", "items", "predicted") { WordColumns = 1 };
        foreach (var type in QueryTypes.All)
            written.Add(type.Code(), $"{annotated.CountOf(type)}",
                $"{annotated.Items.Count(item => item.QueryType == type && item.QueryTypeIsPredicted)}");
        written.Write(_console.Out);
    }
}
