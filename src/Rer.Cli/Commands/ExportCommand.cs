using System.CommandLine;
using Rer.Cli.Output;
using Rer.Engine.Runs;

namespace Rer.Cli.Commands;

/// <summary>`rer export RUN`: what a run found, for other tools.</summary>
internal sealed class ExportCommand : Command
{
    private readonly CommandConsole _console;
    private readonly RunArgument _run = new();
    private readonly StoreOption _store = new();

    private readonly Option<string> _format = new Option<string>("--format")
    {
        Description = "csv: a table (see --what). json: everything but rollouts. alpaca_eval: one checkpoint's responses.",
        DefaultValueFactory = _ => "csv",
    }.AcceptOnlyFromAmong("csv", "json", "alpaca_eval");

    private readonly Option<string> _what = new Option<string>("--what")
    {
        Description = "The table that csv writes.",
        DefaultValueFactory = _ => "evaluations",
    }.AcceptOnlyFromAmong("evaluations", "metrics", "rollouts");

    private readonly Option<int?> _step = new("--step") { Description = "Only this checkpoint; alpaca_eval takes the last one by default." };
    private readonly Option<int> _sample = new("--sample") { Description = "Which of a query's responses alpaca_eval writes, from 0." };
    private readonly Option<string> _out = new("--out") { Description = "File to write; standard output by default.", HelpName = "FILE" };

    public ExportCommand(CommandConsole console) : base("export", "Write a run's evaluations, metrics or rollouts for other tools.")
    {
        _console = console;
        Arguments.Add(_run);
        foreach (var option in new Option[] { _format, _what, _step, _sample, _out, _store }) Options.Add(option);
        SetAction(Export);
    }

    private int Export(ParseResult parsed)
    {
        using var store = _store.Open(parsed);
        var export = new RunExport(store, _run.Find(parsed, store).Id);
        using var content = new StringWriter { NewLine = "\n" };
        switch (parsed.GetRequiredValue(_format), parsed.GetRequiredValue(_what))
        {
            case ("json", _):
                export.WriteJson(content);
                break;
            case ("alpaca_eval", _):
                export.WriteAlpacaEval(content, parsed.GetValue(_step), parsed.GetValue(_sample));
                break;
            case (_, "metrics"):
                export.WriteMetrics(content);
                break;
            case (_, "rollouts"):
                export.WriteRollouts(content, parsed.GetValue(_step));
                break;
            default:
                export.WriteEvaluations(content);
                break;
        }

        OutputFile.Write(_console, parsed.GetValue(_out), content.ToString());
        return ExitCode.Ok;
    }
}
