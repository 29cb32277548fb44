using System.CommandLine;
using Rer.Cli.Output;
using Rer.Cli.Remote;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation.Judges;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Comparing;

namespace Rer.Cli.Commands;

/// <summary>`rer runs`: the runs of a store.</summary>
internal sealed class RunsCommand : Command, IServerCommand
{
    // Options that the table shows for every run.
    private static readonly string[] _shown = ["design", "steps"];

    private readonly CommandConsole _console;
    private readonly RunSourceOption _source;

    private readonly Option<RunState[]> _state = new("--state")
    {
        Description = "Only runs in these states.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string> _text = new("--filter")
    {
        Description = "Only runs whose id, design, policy, data, tags, note or sweep contains this.",
        HelpName = "TEXT",
    };

    public RunsCommand(CommandConsole console, ServerOption server) : base("runs", "List the runs of a store, newest first.")
    {
        (_console, _source) = (console, new RunSourceOption(server));
        Options.Add(_state);
        Options.Add(_text);
        _source.AddTo(this);
        SetAction(List);
    }

    private int List(ParseResult parsed)
    {
        using var source = _source.Open(parsed);
        var filter = new RunFilter { States = parsed.GetRequiredValue(_state), Text = parsed.GetValue(_text) };
        var runs = source.Runs(filter);
        // Two runs of one design are two seeds of one plan only where no column here tells them apart.
        var axes = PlanAxis.Of(runs.DistinctBy(run => run.GroupHash).Select(run => run.Plan)).Where(axis => !_shown.Contains(axis.Name))
            .ToArray();
        string[] options = [.. axes.Select(axis => axis.Name)];
        var table = new TextTable(
            ["run", "state", "design", .. options, "seed", "step", "proxy", "gold at start", "best", "last", "rho", "time", "verdict"])
        {
            WordColumns = 3 + options.Length,
        };
        foreach (var run in runs)
        {
            table.Add(
            [
                run.Id,
                run.State.ToString().ToLowerInvariant(),
                run.Plan.Design.Title,
                .. axes.Select(axis => axis.Value(run.Plan) is { Length: > 0 } value ? value : Figures.None),
                $"{run.Plan.Seed}",
                $"{run.Step}/{run.Plan.Ppo.Steps}",
                .. Points(run),
                Figures.Correlation(run.Monotonicity?.Raw.Rho ?? double.NaN),
                Figures.Duration(TimeSpan.FromSeconds(run.SecondsActive(DateTimeOffset.UtcNow))),
                run.Monotonicity?.Verdict.Title() ?? Figures.None,
            ]);
        }

        table.Write(_console.Out);
        return ExitCode.Ok;
    }

    private static string[] Points(RunRecord run) => run.Points is [var first, ..] and [.., var last]
        ? [Figures.Fixed(last.Proxy), Figures.Fixed(first.Gold), Figures.Fixed(run.Points.Max(p => p.Gold)), Figures.Fixed(last.Gold)]
        : [Figures.None, Figures.None, Figures.None, Figures.None];
}
