using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Rer.Cli.Commands;
using Rer.Cli.Remote;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Runs.Session;

namespace Rer.Cli;

/// <summary>The `rer` command: the engine without a browser.</summary>
internal sealed class RerCommand : RootCommand
{
    private readonly ServerOption _server = new();

    private RerCommand(CommandConsole console, Func<RunPlan, RunContext, IRunSession> sessions)
        : base("Reverse reward engineering: train on a white-box reward, watch it against a gold one.")
    {
        Options.Add(_server);
        Options.Add(_server.Token);
        Subcommands.Add(new TrainCommand(console, sessions, _server));
        Subcommands.Add(new RunsCommand(console, _server));
        Subcommands.Add(new CompareCommand(console, _server));
        Subcommands.Add(new ShowCommand(console, _server));
        Subcommands.Add(new ExportCommand(console, _server));
        foreach (var action in RunActionCommand.All(console, _server)) Subcommands.Add(action);
        Subcommands.Add(new ScoreCommand(console));
        Subcommands.Add(new GenerateCommand(console));
        Subcommands.Add(new TokenizeCommand(console));
        Subcommands.Add(new CorrelateCommand(console));
        Subcommands.Add(new MakePairsCommand(console));
        Subcommands.Add(new TrainGoldCommand(console));
        Subcommands.Add(new CheckDataCommand(console));
        Subcommands.Add(new AnnotateCommand(console));
        Subcommands.Add(new PullCommand(console));
        Subcommands.Add(new InspectCommand(console));
        Subcommands.Add(new PlaygroundCommand(console));
    }

    /// <summary>Runs a command line and returns its <see cref="ExitCode"/>.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="console">Where it reads and writes.</param>
    /// <param name="sessions">Loads a run; null is the real engine.</param>
    public static int Run(string[] arguments, CommandConsole console, Func<RunPlan, RunContext, IRunSession>? sessions = null)
    {
        if (arguments.Length == 0) arguments = ["--help"];
        var rer = new RerCommand(console, sessions ?? ((plan, context) => new RunSession(plan, context)));
        var parsed = rer.Parse(arguments);
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var error in parsed.Errors) console.Error.WriteLine(error.Message);
            console.Error.WriteLine($"See: {CommandName(parsed.CommandResult)} --help");
            return ExitCode.BadArguments;
        }

        if (parsed.GetValue(rer._server) is not null && parsed.CommandResult.Command is not (IServerCommand or RootCommand))
        {
            console.Error.WriteLine($"--server: '{CommandName(parsed.CommandResult)}' works on this machine alone.");
            return ExitCode.BadArguments;
        }

        try
        {
            return parsed.Invoke(
                new InvocationConfiguration { Output = console.Out, Error = console.Error, EnableDefaultExceptionHandler = false });
        }
        catch (Exception error)
        {
            return CommandErrors.Report(console, error, arguments);
        }
    }

    private static string CommandName(SymbolResult? result) => result switch
    {
        CommandResult { Parent: null } => "rer",
        CommandResult command => $"{CommandName(command.Parent)} {command.Command.Name}",
        _ => "rer",
    };
}
