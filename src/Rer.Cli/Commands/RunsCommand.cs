using System.CommandLine;
using Rer.Cli.Output;
using Rer.Cli.Remote;
using Rer.Engine.Evaluation;
using Rer.Engine.Runs;

namespace Rer.Cli.Commands;

/// <summary>`rer runs`: the runs of a store.</summary>
internal sealed class RunsCommand : Command, IServerCommand
{
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
        var table = new TextTable("run", "state", "design", "seed", "step", "proxy", "gold at start", "best", "last", "rho", "time", "verdict") { WordColumns = 3 };
        foreach (var run in source.Runs(filter))
        {
            table.Add(
            [
                run.Id,
                run.State.ToString().ToLowerInvariant(),
                run.Plan.Design.Title,
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
