using System.CommandLine;
using Rer.Engine.Playground;
using Rer.Engine.Runs;

namespace Rer.Cli.Commands;

/// <summary>`rer playground study`: the paper's comparison in miniature, three designs by several seeds.</summary>
internal sealed class PlaygroundStudyCommand : Command
{
    private readonly CommandConsole _console;
    private readonly Func<RunPlan, RunContext, IRunSession> _sessions;

    private readonly Option<int[]> _seeds = new("--seeds")
    {
        Description = "Seeds of the runs.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [1, 2, 3],
    };

    private readonly Option<int> _steps = new("--steps") { Description = "PPO steps of a run.", DefaultValueFactory = _ => PlaygroundPlans.DefaultSteps };
    private readonly Option<int> _every = new("--eval-every") { Description = "Steps between evaluations.", DefaultValueFactory = _ => PlaygroundPlans.DefaultEvaluateEvery };
    private readonly Option<string> _playground = new("--playground") { Description = "Folder of the playground; the one that ships by default.", HelpName = "DIR" };
    private readonly Option<string> _out = new("--out") { Description = "Folder of results; `study` in the playground by default.", HelpName = "DIR" };

    private readonly Option<string> _store = new("--store")
    {
        Description = "Folder of the run store; made where it is missing.",
        HelpName = "DIR",
        DefaultValueFactory = _ => StoreOption.DefaultFolder,
    };

    public PlaygroundStudyCommand(CommandConsole console, Func<RunPlan, RunContext, IRunSession> sessions)
        : base("study", $"Train {string.Join(", ", PlaygroundPlans.Designs.Select(d => d.Name))} on the playground under several seeds, and compare. Runs done before are kept.")
    {
        (_console, _sessions) = (console, sessions);
        foreach (var option in new Option[] { _seeds, _steps, _every, _playground, _out, _store }) Options.Add(option);
        SetAction(Study);
    }

    private int Study(ParseResult parsed)
    {
        var plans = (parsed.GetValue(_playground) is { } given ? new PlaygroundPlans(given) : PlaygroundPlans.Find())
            ?? throw new FileNotFoundException("There is no data/playground in this folder, above it or above the program. Give --playground DIR.");
        var results = parsed.GetValue(_out) ?? Path.Combine(plans.Folder, "study");
        using var store = RunStore.Open(parsed.GetRequiredValue(_store));
        using var feed = new RunFeed(store);
        using var coordinator = new RunCoordinator(store, feed, _sessions);
        using var stop = new StopSignals(_console);
        var (steps, every) = (parsed.GetRequiredValue(_steps), parsed.GetRequiredValue(_every));
        var study = new PlaygroundStudy((design, seed) => plans.Plan(design, seed, steps, every), coordinator, store, results, _console.Error.WriteLine);
        _console.Out.WriteLine(PlaygroundStudy.Table(study.Run(parsed.GetRequiredValue(_seeds), stop.Token)));
        return ExitCode.Ok;
    }
}
