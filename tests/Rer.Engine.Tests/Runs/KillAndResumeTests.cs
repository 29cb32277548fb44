using System.Diagnostics;
using System.Text.Json;
using Rer.Cli;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Session;
using Rer.Engine.Storage;

namespace Rer.Engine.Tests.Runs;

/// <summary>The command line as a process of its own, killed in the middle of a run.</summary>
public sealed class KillAndResumeTests
{
    [Fact]
    public void A_killed_run_resumes_to_the_very_results_of_the_uninterrupted_one()
    {
        using var study = new TinyStudy();
        var plan = study.Plan();
        var file = study.Folder("plan.json");
        File.WriteAllText(file, JsonSerializer.Serialize(plan with { Ppo = plan.Ppo with { Steps = 60 } }, RunJson.Compact));

        using (var whole = Train(file, study.Folder("whole"))) Assert.True(Finished(whole));
        using (var killed = Train(file, study.Folder("killed")))
        {
            // Somewhere after the checkpoint of step 8, in the middle of whatever it does then.
            var folder = study.Folder("killed");
            var deadline = Stopwatch.StartNew();
            while (!HasCheckpoint(folder, 8) && !killed.HasExited && deadline.Elapsed < TimeSpan.FromMinutes(5)) Thread.Sleep(5);
            Assert.False(killed.HasExited, "the run ended before it could be killed");
            killed.Kill(entireProcessTree: true);
            killed.WaitForExit();
        }

        using (var store = RunStore.Open(study.Folder("killed"))) Assert.InRange(store.Runs()[0].Step, 8, 59);
        using (var resumed = Train(file, study.Folder("killed"))) Assert.True(Finished(resumed));

        using var expected = RunStore.Open(study.Folder("whole"));
        using var actual = RunStore.Open(study.Folder("killed"));
        SameRuns.Assert(expected, Assert.Single(expected.Runs()).Id, actual, Assert.Single(actual.Runs()).Id);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void A_signal_stops_after_the_step_and_is_the_exit_code(string signal, int expected)
    {
        if (OperatingSystem.IsWindows()) return;
        using var study = new TinyStudy();
        var plan = study.Plan();
        var file = study.Folder("plan.json");
        File.WriteAllText(file, JsonSerializer.Serialize(plan with { Ppo = plan.Ppo with { Steps = 100_000 } }, RunJson.Compact));
        using (var training = Train(file, study.Folder("store")))
        {
            var deadline = Stopwatch.StartNew();
            while (!HasCheckpoint(study.Folder("store"), 4) && !training.HasExited
                && deadline.Elapsed < TimeSpan.FromMinutes(5)) Thread.Sleep(5);
            using (var kill = Process.Start("kill", ["-" + signal, $"{training.Id}"])) kill.WaitForExit();
            training.WaitForExit();
            Assert.Equal(expected, training.ExitCode);
        }

        using var store = RunStore.Open(study.Folder("store"));
        var run = Assert.Single(store.Runs());
        Assert.Equal(RunState.Stopped, run.State);
        Assert.True(HasCheckpoint(study.Folder("store"), run.Step));
    }

    private static Process Train(string plan, string store)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { typeof(RerCommand).Assembly.Location, "train", "--plan", plan, "--out", store },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static bool Finished(Process process)
    {
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private static bool HasCheckpoint(string store, int step)
    {
        var runs = Path.Combine(store, "runs");
        return Directory.Exists(runs) && Directory.EnumerateDirectories(runs).Any(run => new CheckpointFolder(run).Steps.Contains(step));
    }
}
