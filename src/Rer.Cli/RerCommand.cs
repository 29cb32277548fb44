using System.CommandLine;
using System.CommandLine.Invocation;
using Rer.Cli.Commands;
using Rer.Engine.Data;
using Rer.Engine.Options;

namespace Rer.Cli;

/// <summary>The `rer` command: the engine without a browser.</summary>
internal sealed class RerCommand : RootCommand
{
    private RerCommand(CommandConsole console) : base("Reverse reward engineering: train on a white-box reward, watch it against a gold one.")
    {
        Subcommands.Add(new TrainCommand(console));
        Subcommands.Add(new RunsCommand(console));
        Subcommands.Add(new ShowCommand(console));
        Subcommands.Add(new ExportCommand(console));
        Subcommands.Add(new ScoreCommand(console));
    }

    /// <summary>Runs a command line and returns its <see cref="ExitCode"/>.</summary>
    public static int Run(string[] arguments, CommandConsole console)
    {
        var parsed = new RerCommand(console).Parse(arguments);
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var error in parsed.Errors) console.Error.WriteLine(error.Message);
            console.Error.WriteLine($"See: {CommandName(parsed.CommandResult)} --help");
            return ExitCode.BadArguments;
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration { Output = console.Out, Error = console.Error, EnableDefaultExceptionHandler = false });
        }
        catch (PlanException e)
        {
            foreach (var error in e.Errors) console.Error.WriteLine(error);
            return ExitCode.BadArguments;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DataFileException or ArgumentException
            or InvalidDataException or InvalidOperationException or NotSupportedException or FormatException)
        {
            // These are the engine's own words about files and values; a stack trace would only hide them.
            console.Error.WriteLine(e.Message);
            return ExitCode.Failed;
        }
    }

    private static string CommandName(System.CommandLine.Parsing.SymbolResult? result) => result switch
    {
        System.CommandLine.Parsing.CommandResult { Parent: null } => "rer",
        System.CommandLine.Parsing.CommandResult command => $"{CommandName(command.Parent)} {command.Command.Name}",
        _ => "rer",
    };
}
