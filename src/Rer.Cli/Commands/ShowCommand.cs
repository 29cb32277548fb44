using System.CommandLine;
using System.Text.Json;
using Rer.Cli.Options;
using Rer.Cli.Output;
using Rer.Cli.Remote;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Events;

namespace Rer.Cli.Commands;

/// <summary>`rer show RUN`: one run's plan, state and evaluations.</summary>
internal sealed class ShowCommand : Command, IServerCommand
{
    private readonly CommandConsole _console;
    private readonly RunArgument _run = new();
    private readonly RunSourceOption _source;
    private readonly Option<bool> _plan =
        new("--plan") { Description = "Write the plan as JSON, for `rer train --plan`, and nothing else." };

    public ShowCommand(CommandConsole console, ServerOption server)
        : base("show", "Show a run: its plan, where it stands, its evaluations.")
    {
        (_console, _source) = (console, new RunSourceOption(server));
        Arguments.Add(_run);
        Options.Add(_plan);
        _source.AddTo(this);
        SetAction(Show);
    }

    private int Show(ParseResult parsed)
    {
        using var source = _source.Open(parsed);
        var run = _run.Find(parsed, source);
        if (parsed.GetValue(_plan)) _console.Out.WriteLine(JsonSerializer.Serialize(run.Plan, RunJson.Indented));
        else Describe(run, source);
        return ExitCode.Ok;
    }

    private void Describe(RunRecord run, IRunSource source)
    {
        var state = run.State.ToString().ToLowerInvariant();
        _console.Out.WriteLine($"{run.Id}  {state}{(run.Reason is null ? "" : $": {run.Reason}")}");
        var facts = new TextTable("", "") { WordColumns = 2 };
        facts.Add("design", $"{run.Plan.Design.Title} = {run.DesignText}  ({run.DesignHash})");
        facts.Add("policy", run.Plan.Policy);
        facts.Add("data", run.Plan.Data);
        facts.Add("evaluated on", run.Plan.EvaluationData ?? run.Plan.Data);
        facts.Add("gold", run.Plan.Gold ?? "none");
        facts.Add("steps",
            $"{run.Step} of {run.Plan.Ppo.Steps}, in {Figures.Duration(TimeSpan.FromSeconds(run.SecondsActive(DateTimeOffset.UtcNow)))}");
        if (run.Tags.Count > 0) facts.Add("tags", string.Join(", ", run.Tags));
        if (run.Note.Length > 0) facts.Add("note", run.Note);
        foreach (var difference in run.Plan.DifferencesFrom(run.Plan.WithDefaults()))
            facts.Add($"--{difference.Option}", $"{difference.Value}  (default {difference.Other})");
        facts.Write(_console.Out);
        _console.Out.WriteLine();
        EvaluationTable.Write(_console.Out, source, run);
    }
}
