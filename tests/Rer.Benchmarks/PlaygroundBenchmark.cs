using System.Globalization;
using Rer.Engine.Playground;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Runs.Queue;
using Rer.Engine.Runs.Session;
using Rer.Engine.Storage;
using Rer.Engine.Training;
using static TorchSharp.torch;

namespace Rer.Benchmarks;

/// <summary>
/// The first steps of the playground's default plan as a run takes them, store, evaluation and checkpoint included: steps per second, where
/// the time goes, and what the whole plan would take at that pace.
/// </summary>
internal static class PlaygroundBenchmark
{
    private const int WarmUps = 10;

    private static readonly (string Name, string Metric)[] Phases =
    [
        ("generate", Metric.SecondsGenerate), ("forward", Metric.SecondsForward), ("score", Metric.SecondsScore),
        ("update", Metric.SecondsUpdate),
        ("step", Metric.SecondsStep),
    ];

    public static void Run(string[] args)
    {
        var steps = Option("--steps") is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : 100;
        if (Option("--threads") is { } threads) set_num_threads(int.Parse(threads, CultureInfo.InvariantCulture));
        var plans = PlaygroundPlans.Find()
            ?? throw new DirectoryNotFoundException("There is no data/playground in this folder, above it or above the program.");
        Console.WriteLine(
            "design      steps/s   generate   forward     score    update      step   evaluation   tokens per response   default plan");
        var designs = PlaygroundPlans.Designs.Where(preset => Option("--design") is not { } chosen || preset.Name == chosen);
        foreach (var preset in designs) Measure(preset.Name, plans.Plan(preset.Design, seed: 1, steps, evaluateEvery: steps));

        string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
    }

    private static void Measure(string name, RunPlan plan)
    {
        var folder = Directory.CreateTempSubdirectory("rer-benchmark").FullName;
        try
        {
            using var store = RunStore.Open(folder);
            using var feed = new RunFeed(store);
            using var coordinator = new RunCoordinator(store, feed, (plan, context) => new RunSession(plan, context));
            var id = coordinator.Launch(plan);
            if (coordinator.RunNow(id) != RunState.Finished) throw new InvalidOperationException(store.Run(id)!.Reason);
            var series = store.Metrics(id, [.. Phases.Select(phase => phase.Metric), Metric.LengthMean]).ToDictionary(
                metric => metric.Name, metric => metric.Values.Skip(WarmUps).Average());
            var step = series[Metric.SecondsStep];
            var evaluation = store.Evaluations(id)[^1].Seconds;
            var whole = (PlaygroundPlans.DefaultSteps * step)
                + (((PlaygroundPlans.DefaultSteps / PlaygroundPlans.DefaultEvaluateEvery) + 1) * evaluation);
            Console.Write($"{name,-10}{1 / step,9:f2}");
            foreach (var (_, metric) in Phases) Console.Write($"{series[metric],10:f3}");
            Console.WriteLine($"{evaluation,13:f2}{series[Metric.LengthMean],20:f1}{whole,13:f0} s");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
