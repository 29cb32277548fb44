using System.CommandLine;
using Rer.Engine.Playground;
using Rer.Engine.Runs;

namespace Rer.Cli.Commands;

/// <summary>`rer playground study`: three designs by several seeds, a table, figures, raw results.</summary>
internal sealed class PlaygroundStudyCommand : Command
{
    private readonly CommandConsole _console;
    private readonly Func<RunPlan, RunContext, IRunSession> _sessions;
    private readonly Option<int[]> _seeds = new("--seeds") { Description = "Seeds.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [1, 2, 3] };
    private readonly Option<int> _steps = new("--steps") { Description = "PPO steps of a run.", DefaultValueFactory = _ => 1000 };
    private readonly Option<int> _every = new("--eval-every") { Description = "Steps between evaluations.", DefaultValueFactory = _ => 100 };
    private readonly Option<string> _out = new("--out") { Description = "Folder of table, figures and raw results.", HelpName = "DIR", DefaultValueFactory = _ => "data/playground/study" };
    private readonly Option<string> _store = new("--store") { Description = "Folder of the run store; made where it is missing.", HelpName = "DIR", DefaultValueFactory = _ => StoreOption.DefaultFolder };

    public PlaygroundStudyCommand(CommandConsole console, Func<RunPlan, RunContext, IRunSession> sessions)
        : base("study", "Run LI, LI*RP*QR and RER on the playground for several seeds. The same command again goes on where it was stopped.")
    {
        (_console, _sessions) = (console, sessions);
        foreach (var option in new Option[] { _seeds, _steps, _every, _out, _store }) Options.Add(option);
        SetAction(Study);
    }

    private int Study(ParseResult parsed)
    {
        var plans = PlaygroundPlans.Find() ?? throw new InvalidOperationException(
            "There is no data/playground in this folder or above it. Go to the repository, or build one: rer playground build.");
        using var store = RunStore.Open(parsed.GetRequiredValue(_store));
        using var feed = new RunFeed(store);
        using var coordinator = new RunCoordinator(store, feed, _sessions);
        using var stop = new Interrupt();
        var (steps, every) = (parsed.GetRequiredValue(_steps), parsed.GetRequiredValue(_every));
        var study = new PlaygroundStudy(
            (design, seed) => plans.Plan(design, seed, steps, every), coordinator, store, parsed.GetRequiredValue(_out), _console.Error.WriteLine);
        var runs = study.Run(parsed.GetRequiredValue(_seeds), stop.Token);
        _console.Out.WriteLine(PlaygroundStudy.Table(runs));
        return stop.Token.IsCancellationRequested ? ExitCode.Failed : ExitCode.Ok;
    }
}
