using Rer.Cli.Output;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Planning;

namespace Rer.Cli.Remote;

/// <summary>`rer train --server`: launches a plan there, or takes up the run that has it already, and shows it until it ends.</summary>
internal sealed class RemoteTraining(CommandConsole console, RerServer server)
{
    private const int MostAttempts = 30;
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(2);

    /// <summary>Runs a plan; Ctrl-C leaves the run as it is.</summary>
    /// <returns>The command's <see cref="ExitCode"/>.</returns>
    public int Run(RunPlan plan)
    {
        using var leave = new StopSignals(console, "Leaving; the run goes on.");
        var run = Take(plan);
        if (run.State == RunState.Finished)
        {
            console.Error.WriteLine(
                $"{run.Id} has finished its {run.Step} steps already. Give more --steps to extend it, or another --seed.");
            EvaluationTable.Write(console.Out, server, run);
            return ExitCode.Ok;
        }

        console.Error.WriteLine($"{run.Id}: {server.Address}runs/{run.Id}");
        var end = Follow(run, leave.Token);
        var exit = Close(run.Id, end);
        return end is null ? leave.Exit(exit) : exit;
    }

    private RunRecord Take(RunPlan plan)
    {
        var known = server.Runs(new RunFilter { DesignHash = plan.Design.Hash }).FirstOrDefault(r => r.Plan.SameCourseAs(plan));
        if (known is null) return server.Run(server.Launch(plan))!;
        if (plan.Ppo.Steps > known.Plan.Ppo.Steps) return server.Act(known.Id, "extend", new { steps = plan.Ppo.Steps });
        return known.State is RunState.Paused or RunState.Stopped or RunState.Failed ? server.Act(known.Id, "resume") : known;
    }

    /// <summary>Shows the run until it ends; null where the reader left before.</summary>
    private RunState? Follow(RunRecord run, CancellationToken leave)
    {
        var display = new RunDisplay(console, run.Plan, run.Step, () => server.Alerts(run));
        var (seen, attempts) = (run.LastSequence, 0);
        // What happened since the run was asked for may be its end.
        while (!leave.IsCancellationRequested)
        {
            try
            {
                foreach (var happened in server.Events(run.Id, seen, leave))
                {
                    attempts = 0;
                    seen = Math.Max(seen, happened.Sequence);
                    display.Show([happened]);
                    if (happened is StateChanged { State: RunState.Finished or RunState.Failed or RunState.Stopped or RunState.Paused } end)
                        return Ended(display, end.State);
                }
            }
            catch (IOException) when (++attempts < MostAttempts)
            {
                // The connection went; the run and its events did not.
                if (leave.WaitHandle.WaitOne(_pause)) break;
            }
        }

        display.Clear();
        return null;
    }

    private static RunState Ended(RunDisplay display, RunState state)
    {
        display.Clear();
        return state;
    }

    private int Close(string runId, RunState? end)
    {
        var run = server.Run(runId) ?? throw new ArgumentException($"{runId} was deleted.");
        console.Out.WriteLine();
        EvaluationTable.Write(console.Out, server, run);
        var time = Figures.Duration(TimeSpan.FromSeconds(run.ActiveSeconds));
        console.Error.WriteLine(end switch
        {
            null => $"{run.Id} goes on at step {run.Step} of {run.Plan.Ppo.Steps}. The same command shows it again; rer {server.Option} "
                + $"stop {run.Id} stops it.",
            RunState.Finished => $"{run.Id} finished {run.Step} steps in {time}.",
            RunState.Failed => $"{run.Id} failed at step {run.Step}: {run.Reason}",
            _ => $"{run.Id} {run.State.ToString().ToLowerInvariant()} at step {run.Step} of {run.Plan.Ppo.Steps} after {time}. The same "
                + "command resumes it.",
        });
        return end == RunState.Failed ? ExitCode.Failed : ExitCode.Ok;
    }
}
