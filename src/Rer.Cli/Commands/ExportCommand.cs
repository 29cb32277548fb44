using System.CommandLine;
using Rer.Cli.Options;
using Rer.Cli.Output;
using Rer.Cli.Remote;
using Rer.Engine.Runs.Export;

namespace Rer.Cli.Commands;

/// <summary>`rer export RUN`: what a run found, for other tools.</summary>
internal sealed class ExportCommand : Command, IServerCommand
{
    private readonly CommandConsole _console;
    private readonly RunArgument _run = new();
    private readonly RunSourceOption _source;

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

    private readonly Option<int?> _step = new Option<int?>("--step")
    {
        Description = "Only this checkpoint; alpaca_eval takes the last one by default.",
    }.Within(0, 100_000_000);
    private readonly Option<int> _sample = new Option<int>("--sample")
    {
        Description = "Which of a query's responses alpaca_eval writes, from 0.",
    }.Within(0, 1023);
    private readonly Option<string> _out = new("--out") { Description = "File to write; standard output by default.", HelpName = "FILE" };

    public ExportCommand(CommandConsole console, ServerOption server)
        : base("export", "Write a run's evaluations, metrics or rollouts for other tools.")
    {
        (_console, _source) = (console, new RunSourceOption(server));
        Arguments.Add(_run);
        foreach (var option in new Option[] { _format, _what, _step, _sample, _out }) Options.Add(option);
        _source.AddTo(this);
        SetAction(Export);
    }

    private int Export(ParseResult parsed)
    {
        using var source = _source.Open(parsed);
        var format =
            Enum.Parse<ExportFormat>(parsed.GetRequiredValue(_format).Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
        var table = Enum.Parse<ExportTable>(parsed.GetRequiredValue(_what), ignoreCase: true);
        var content = source.Export(_run.Find(parsed, source).Id, format, table, parsed.GetValue(_step), parsed.GetValue(_sample));
        OutputFile.Write(_console, parsed.GetValue(_out), content);
        return ExitCode.Ok;
    }
}
