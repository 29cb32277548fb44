using System.CommandLine;
using Rer.Cli.Options;
using Rer.Cli.Output;
using Rer.Cli.Remote;
using Rer.Engine.Options;
using Rer.Engine.Playground;
using Rer.Engine.Rewards;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Alerts;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Measuring;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Runs.Queue;
using Rer.Engine.Runs.Session;
using Rer.Engine.Storage;
using TorchSharp;

namespace Rer.Cli.Commands;

/// <summary>`rer train`: one run, here and now; the same command again resumes it.</summary>
internal sealed class TrainCommand : Command, IServerCommand
{
    private readonly CommandConsole _console;
    private readonly Func<RunPlan, RunContext, IRunSession> _sessions;
    private readonly ServerOption _server;
    private readonly Dictionary<PlanOption, Option<string>> _options;

    private readonly Option<string> _out = new("--out", "--store")
    {
        Description = "Folder of the run store; made where it is missing.",
        HelpName = "DIR",
        DefaultValueFactory = _ => StoreOption.DefaultFolder,
    };

    private readonly Option<string> _plan = new("--plan")
    {
        Description = "Plan in JSON to start from (`rer show RUN --plan` writes one); options given as well override it.",
        HelpName = "FILE",
    };

    private readonly Option<int?> _threads = new Option<int?>("--threads")
    {
        Description = "CPU threads; libtorch's own choice where it is not given. Results depend on it in the last bits.",
        HelpName = "N",
    }.Within(1, OptionBounds.MostThreads);

    private readonly Option<bool> _playground = new("--playground")
    {
        Description = "Start from the playground that ships: its policy, data, gold model and options. Only a design is needed besides.",
    };

    private readonly Option<string> _preset = new("--preset")
    {
        Description = "A set of options that go together; options given as well override it. "
            + string.Join(' ', PlanPreset.All.Select(p => $"{p.Name}: {p.Summary}")),
        HelpName = "NAME",
    };

    private readonly Option<bool> _measure = new("--measure")
    {
        Description = "Train nothing: measure a few steps and a share of an evaluation, and say how long the run will take. The dashboard "
            + "of the same store knows it then.",
    };

    private readonly CustomFeatureOptions _own = new();

    public TrainCommand(CommandConsole console, Func<RunPlan, RunContext, IRunSession> sessions, ServerOption server)
        : base("train", "Train a policy with PPO on a reward design. The same command again resumes a run that was stopped.")
    {
        (_console, _sessions, _server) = (console, sessions, server);
        _options = PlanOption.All.ToDictionary(o => o, o => new Option<string>("--" + o.Name)
        {
            Description = o.Summary + (o.Allowed.Length == 0 ? "" : $" Allowed: {o.Allowed}."),
            HelpName = Form(o),
        });
        foreach (var option in _options.Values) Options.Add(option);
        _own.AddTo(this);
        Options.Add(_playground);
        Options.Add(_plan);
        Options.Add(_preset);
        Options.Add(_out);
        Options.Add(_threads);
        Options.Add(_measure);
        SetAction(Train);
    }

    private int Train(ParseResult parsed)
    {
        using var server = _server.Open(parsed);
        // A server's paths are its own: they are neither completed nor looked at here.
        if (server is not null && parsed.GetValue(_measure))
            throw new PlanException(
                [new PlanError("measure", "",
                    "measures this machine. The dashboard's Design page and POST /api/plans/measure measure the server's.")]);
        if (server is not null) return new RemoteTraining(_console, server).Run(Plan(parsed, server));
        var plan = Plan(parsed).WithFullPaths();
        if (plan.Validate() is { Count: > 0 } errors) throw new PlanException(errors);
        if (parsed.GetValue(_threads) is { } threads) torch.set_num_threads(threads);

        using var store = RunStore.Open(parsed.GetRequiredValue(_out));
        using var feed = new RunFeed(store);
        using var coordinator = new RunCoordinator(store, feed, _sessions, _ => []);
        coordinator.Take();
        if (parsed.GetValue(_measure)) return Measure(store, coordinator, plan);
        var run = store.RunOf(plan);
        if (run is { State: RunState.Finished } && run.Step >= plan.Ppo.Steps)
        {
            _console.Error.WriteLine(
                $"{run.Id} has finished its {run.Step} steps already. Give more --steps to extend it, or another --seed.");
            EvaluationTable.Write(_console.Out, new StoredRuns(store), run);
            return ExitCode.Ok;
        }

        if (run is not null && plan.Ppo.Steps > run.Plan.Ppo.Steps) coordinator.Extend(run.Id, plan.Ppo.Steps);
        _console.Error.WriteLine(run is null
            ? $"{plan.Design.Title}, seed {plan.Seed}, {plan.Ppo.Steps} steps"
            : $"Resuming {run.Id} at step {run.Step} of {Math.Max(plan.Ppo.Steps, run.Plan.Ppo.Steps)}");
        if (run is null && PresetAdvice.Of(plan) is { } advice)
            _console.Error.WriteLine($"{advice} --preset {PlanPreset.SmallPolicy.Name} sets options for such policies.");
        return Drive(store, feed, coordinator, run?.Id ?? coordinator.Launch(plan));
    }

    private RunPlan Plan(ParseResult parsed, RerServer? server = null)
    {
        var errors = new List<PlanError>();
        _own.AllowCode(parsed);
        var plan = parsed.GetValue(_playground) ? server?.StartingPlan() ?? PlaygroundPlan() : ReadPlan(parsed.GetValue(_plan));
        if (parsed.GetValue(_preset) is { } preset) plan = PlanPreset.Named(preset).ApplyTo(plan);
        foreach (var (option, given) in _options)
        {
            if (parsed.GetValue(given) is not { } text) continue;
            try
            {
                plan = option.Name == "design"
                    ? plan with { Design = _own.Design(parsed, text, parsed.GetRequiredValue(_out)) }
                    : option.With(plan, text);
            }
            catch (PlanException e)
            {
                errors.AddRange(e.Errors);
            }
        }

        if (parsed.GetValue(_plan) is null)
            Require("design", $"Give a design, such as {string.Join(", ", RewardDesign.Presets.Select(p => p.Name))}.");
        if (parsed.GetValue(_plan) is null && !parsed.GetValue(_playground))
        {
            Require("policy", "Give the folder of a model in Hugging Face layout.");
            Require("data", "Give a prompt set in JSON, JSON Lines, CSV or Parquet.");
        }

        return errors.Count == 0 ? plan : throw new PlanException(errors);

        void Require(string name, string what)
        {
            if (parsed.GetValue(_options[PlanOption.Named(name)]) is null) errors.Add(new PlanError(name, "", $"missing. {what}"));
        }
    }

    private static string Form(PlanOption option) => option switch
    {
        { Type: var type } when type == typeof(int) => "N",
        { Type: var type } when type == typeof(double) => "X",
        { Type: var type } when type == typeof(bool) => "true|false",
        { Type: var type } when type == typeof(RewardDesign) => "RER",
        { Name: "policy" } => "DIR",
        { Name: "gold" } => "GOLD",
        { Name: "data" or "eval-data" } => "FILE",
        _ => "TEXT",
    };

    private static RunPlan PlaygroundPlan() =>
        (PlaygroundPlans.Find() ?? throw new PlanException(
            [new PlanError("playground", "", "there is no data/playground in this folder, above it or above the program.")]))
            .Plan(RewardDesign.Presets[^1].Design);

    private static RunPlan ReadPlan(string? file) =>
        file is null ? new RunPlan { Design = RewardDesign.Presets[^1].Design, Policy = "", Data = "" } : PlanFile.Read(file);

    private int Measure(RunStore store, RunCoordinator coordinator, RunPlan plan)
    {
        using var stop = new StopSignals(_console, "Stopping. Once more ends at once.");
        using var measurements = new PlanBenchmarkService(store, coordinator);
        var status = new StatusLine(_console);
        try
        {
            var measured = measurements.MeasureNow(
                plan,
                done => status.Show((double)done / PlanBenchmark.Parts, () => $"measuring, part {done + 1} of {PlanBenchmark.Parts}"),
                stop.Token);
            status.Clear();
            MeasurementTable.Write(_console.Out, RunEstimate.Of(plan, RunTiming.Of(measured)), measured);
            return ExitCode.Ok;
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            status.Clear();
            return stop.Exit(ExitCode.Failed);
        }
    }

    private int Drive(RunStore store, RunFeed feed, RunCoordinator coordinator, string runId)
    {
        using var stop = new StopSignals(_console);
        var before = store.Run(runId)!;
        var display = new RunDisplay(_console, before.Plan, before.Step, () => RunAlerts.Find(store, store.Run(runId)!));
        var shown = before.LastSequence;
        using var ended = new CancellationTokenSource();
        var showing = Task.Run(async () =>
        {
            await foreach (var batch in feed.Watch(runId, shown, cancellation: ended.Token).ConfigureAwait(false))
            {
                display.Show(batch);
                shown = Math.Max(shown, batch[^1].Sequence);
            }
        });

        RunState state;
        try
        {
            state = coordinator.RunNow(runId, stop.Token);
        }
        finally
        {
            ended.Cancel();
            Task.WaitAny(showing);
        }

        while (store.EventsSince(runId, shown) is { Count: > 0 } rest)
        {
            display.Show(rest);
            shown = rest[^1].Sequence;
        }

        display.Clear();
        var exit = Close(store, runId, state);
        return state == RunState.Stopped ? stop.Exit(exit) : exit;
    }

    private int Close(RunStore store, string runId, RunState state)
    {
        var run = store.Run(runId)!;
        _console.Out.WriteLine();
        EvaluationTable.Write(_console.Out, new StoredRuns(store), run);
        var time = Figures.Duration(TimeSpan.FromSeconds(run.ActiveSeconds));
        switch (state)
        {
            case RunState.Finished:
                _console.Error.WriteLine($"{run.Id} finished {run.Step} steps in {time}.");
                return ExitCode.Ok;
            case RunState.Failed:
                _console.Error.WriteLine($"{run.Id} failed at step {run.Step}: {run.Reason}");
                return ExitCode.Failed;
            default:
                _console.Error.WriteLine(
                    $"{run.Id} stopped at step {run.Step} of {run.Plan.Ppo.Steps} after {time}. The same command resumes it.");
                return ExitCode.Ok;
        }
    }
}
