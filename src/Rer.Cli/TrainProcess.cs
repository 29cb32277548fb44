using System.Diagnostics;
using System.Text.Json;
using Rer.Engine.Playground.Study;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Storage;

namespace Rer.Cli;

/// <summary>
/// Drives a plan by a `rer train` of its own on one thread, so that several run side by side and none shares anything with another.
/// </summary>
/// <param name="folder">Holds a run store for each run; what was stopped there goes on.</param>
/// <param name="log">Told what the processes say of their progress.</param>
internal sealed class TrainProcess(string folder, Action<string> log)
{
    /// <summary>How long a process may take to save its run when the study is stopped.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    /// <summary>Drives a plan to its end.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="name">Folder of its store.</param>
    /// <param name="stop">Waits for the process, which the same signal reaches, to end by itself, and ends it where it does not.</param>
    /// <returns>Null where the run was stopped.</returns>
    /// <exception cref="InvalidOperationException">The run failed.</exception>
    public StudyOutcome? Drive(RunPlan plan, string name, CancellationToken stop)
    {
        var home = Path.Combine(folder, name);
        var file = Path.Combine(home, "plan.json");
        Directory.CreateDirectory(home);
        File.WriteAllText(file, JsonSerializer.Serialize(plan, RunJson.Compact));
        var title = $"{plan.Design.Title}, seed {plan.Seed}";
        var last = "";
        using (var process = Start(["train", "--plan", file, "--store", home, "--threads", "1"]))
        {
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, line) =>
            {
                if (string.IsNullOrWhiteSpace(line.Data)) return;
                last = line.Data;
                log($"{title}: {line.Data}");
            };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            using (stop.Register(() => EndIfItStays(process))) process.WaitForExit();
        }

        using var store = RunStore.Open(home);
        var run = store.RunOf(plan);
        if (run?.State == RunState.Finished) return StudyOutcome.Of(store, run);
        return stop.IsCancellationRequested ? null : throw new InvalidOperationException($"{title}: {run?.Reason ?? last}");
    }

    private static void EndIfItStays(Process process)
    {
        if (!process.WaitForExit(Grace)) process.Kill();
    }

    /// <summary>This program again: as it is, or as the library that `dotnet` runs.</summary>
    private static Process Start(string[] arguments)
    {
        var program = Environment.ProcessPath!;
        var library = typeof(TrainProcess).Assembly.Location;
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") start.ArgumentList.Add(library);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
