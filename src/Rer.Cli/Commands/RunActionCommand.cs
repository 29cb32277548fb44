using System.CommandLine;
using Rer.Cli.Options;
using Rer.Cli.Remote;
using Rer.Engine.Runs;

namespace Rer.Cli.Commands;

/// <summary>`rer pause`, `resume`, `stop` and `extend`: what the pages do with a run, on a server.</summary>
internal sealed class RunActionCommand : Command, IServerCommand
{
    private readonly CommandConsole _console;
    private readonly ServerOption _server;
    private readonly RunArgument _run = new();
    private readonly Option<int?>? _steps;

    private RunActionCommand(CommandConsole console, ServerOption server, string name, string description) : base(name, description)
    {
        (_console, _server) = (console, server);
        Arguments.Add(_run);
        if (name == "extend")
        {
            _steps = new Option<int?>("--steps")
            {
                Description = "Steps in all, more than the run has now.",
                HelpName = "N",
                Required = true,
            }.Within(1, 100_000_000);
            Options.Add(_steps);
        }

        SetAction(Act);
    }

    public static IEnumerable<Command> All(CommandConsole console, ServerOption server) =>
    [
        new RunActionCommand(console, server, "pause",
            "Pause a run of a server after the step it is in; it keeps its place in the queue. Needs --server."),
        new RunActionCommand(console, server, "resume", "Queue a paused, stopped or failed run of a server again. Needs --server."),
        new RunActionCommand(console, server, "stop", "Stop a run of a server after the step it is in, with a checkpoint. Needs --server."),
        new RunActionCommand(console, server, "extend", "Set how many steps a run of a server takes in all. Needs --server."),
    ];

    private int Act(ParseResult parsed)
    {
        using var server = _server.Open(parsed)
            ?? throw new ArgumentException(
                $"--server: missing. A run that trains is told to {Name} through the dashboard that drives it; one started by `rer train` "
                    + "stops with Ctrl-C.");
        var run = server.Act(_run.Find(parsed, server).Id, Name, _steps is null ? null : new { steps = parsed.GetValue(_steps) });
        var state = run.State is RunState.Running or RunState.Starting && Name is "stop" or "pause" ? $"to {Name} after step {run.Step + 1}"
            : run.State.ToString().ToLowerInvariant();
        _console.Out.WriteLine($"{run.Id}  {state}, step {run.Step} of {run.Plan.Ppo.Steps}");
        return ExitCode.Ok;
    }
}
