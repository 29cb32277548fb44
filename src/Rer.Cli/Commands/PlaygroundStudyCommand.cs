using System.CommandLine;
using Rer.Cli.Options;
using Rer.Engine.Playground;
using Rer.Engine.Playground.Study;

namespace Rer.Cli.Commands;

/// <summary>`rer playground study`: the paper's comparison in miniature, three designs by several seeds.</summary>
internal sealed class PlaygroundStudyCommand : Command
{
    private readonly CommandConsole _console;
    private readonly Option<int[]> _seeds = new("--seeds")
    {
        Description = "Seeds of the runs.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [.. PlaygroundPlans.StudySeeds],
    };

    private readonly Option<int> _steps = new Option<int>("--steps")
    {
        Description = "PPO steps of a run.",
        DefaultValueFactory = _ => PlaygroundPlans.DefaultSteps,
    }.Within(1, 100_000_000);
    private readonly Option<int> _every = new Option<int>("--eval-every")
    {
        Description = "Steps between evaluations.",
        DefaultValueFactory = _ => PlaygroundPlans.DefaultEvaluateEvery,
    }.Within(1, 100_000_000);
    private readonly Option<string> _playground =
        new("--playground") { Description = "Folder of the playground; the one that ships by default.", HelpName = "DIR" };
    private readonly Option<string> _out =
        new("--out") { Description = "Folder of results; `study` in the playground by default.", HelpName = "DIR" };

    private readonly Option<int> _jobs = new Option<int>("--jobs")
    {
        Description = "Runs at a time, each on one thread: models this small do not gain from more. The number changes no result.",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    }.Within(1, OptionBounds.MostThreads);

    private readonly Option<string> _store = new("--store")
    {
        Description = "Folder of the runs under way, a run store for each; stopped ones go on from there.",
        HelpName = "DIR",
        DefaultValueFactory = _ => Path.Combine(StoreOption.DefaultFolder, "study"),
    };

    public PlaygroundStudyCommand(CommandConsole console)
        : base("study",
            $"Train {string.Join(", ", PlaygroundPlans.Designs.Select(d => d.Name))} on the playground under several seeds, and compare. "
                + "Runs done before are kept.")
    {
        _console = console;
        foreach (var option in new Option[] { _seeds, _steps, _every, _jobs, _playground, _out, _store }) Options.Add(option);
        SetAction(Study);
    }

    private int Study(ParseResult parsed)
    {
        var plans = (parsed.GetValue(_playground) is { } given ? new PlaygroundPlans(given) : PlaygroundPlans.Find())
            ?? throw new FileNotFoundException(
                "There is no data/playground in this folder, above it or above the program. Give --playground DIR.");
        var jobs = parsed.GetRequiredValue(_jobs);
        var (steps, every) = (parsed.GetRequiredValue(_steps), parsed.GetRequiredValue(_every));
        using var stop = new StopSignals(_console);
        var process = new TrainProcess(parsed.GetRequiredValue(_store), _console.Error.WriteLine);
        var study = new PlaygroundStudy(
            (design, seed) => plans.Plan(design, seed, steps, every), process.Drive,
            parsed.GetValue(_out) ?? Path.Combine(plans.Folder, "study"),
            _console.Error.WriteLine)
        { Jobs = jobs };
        var seeds = parsed.GetRequiredValue(_seeds);
        var runs = study.Run(seeds, stop.Token);
        if (runs.Count == seeds.Length * PlaygroundPlans.Designs.Count) _console.Out.WriteLine(PlaygroundStudy.Summary(runs));
        else
            _console.Error.WriteLine(
                $"{runs.Count} of {seeds.Length * PlaygroundPlans.Designs.Count} runs are done. The same command goes on.");
        return stop.Exit(ExitCode.Ok);
    }
}
