using System.Globalization;
using Rer.Engine.Evaluation;
using Rer.Engine.Rewards;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Alerts;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Runs.Queue;
using Rer.Engine.Runs.Session;
using Rer.Engine.Storage;
using Rer.Engine.Training;

namespace Rer.Benchmarks;

/// <summary>
/// Whether a small published policy learns its reward or drifts from its reference for another reason: LI under the paper's options, then
/// LI and LI*RP under the preset for small policies. A design holds where its evaluated proxy has risen by more than three standard
/// errors while the policy's KL stayed within three times its target. Where gold goes is told and no part of it.
/// </summary>
internal static class DriftBenchmark
{
    private const double LeastErrors = 3, MostTargets = 3;

    private const string Usage = "drift MODEL DATA [--gold GOLD] [--steps N] [--queries N]: the folder of a small policy and a prompt set.";

    public static void Run(string[] args)
    {
        if (args.Length < 2 || args[0].StartsWith('-') || args[1].StartsWith('-')) throw new ArgumentException(Usage);
        var steps = Number("--steps", 200);
        var plan = new RunPlan
        {
            Design = RewardDesign.Parse("LI"),
            Policy = args[0],
            Data = args[1],
            Gold = Option("--gold"),
            SkipLongPrompts = true,
            Ppo = new PpoOptions { Steps = steps, MaxResponseTokens = 64 },
            Evaluation = new EvaluationOptions { Every = Math.Max(1, steps / 4), Responses = 2, Queries = Number("--queries", 200) },
        };
        if (plan.Validate() is { Count: > 0 } errors) throw new ArgumentException(string.Join('\n', errors));
        Console.WriteLine(
            $"{PresetAdvice.ParametersOf(plan.Policy):n0} parameters, {steps} steps;"
            + $" KL is the largest mean of {RunAlerts.Window} steps, its target {plan.Ppo.KlTarget}");
        Console.WriteLine($"{"design",-8}{"options",-14}{"proxy",16}{"errors",9}{"KL",9}{"value/policy",14}{"gold",18}  holds");
        Measure("the paper's", plan);
        foreach (var design in new[] { "LI", "LI*RP" })
            Measure(PlanPreset.SmallPolicy.Name, PlanPreset.SmallPolicy.ApplyTo(plan with { Design = RewardDesign.Parse(design) }));

        string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
        int Number(string name, int usual) => Option(name) is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : usual;
    }

    /// <summary>Over the window that alerts look at, of what was measured in it.</summary>
    private static double MeanOfLast(IReadOnlyList<double> values) =>
        values.TakeLast(RunAlerts.Window).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();

    private static void Measure(string options, RunPlan plan)
    {
        var folder = Directory.CreateTempSubdirectory("rer-benchmark").FullName;
        try
        {
            using var store = RunStore.Open(folder);
            using var feed = new RunFeed(store);
            using var coordinator = new RunCoordinator(store, feed, (plan, context) => new RunSession(plan, context));
            var id = coordinator.Launch(plan);
            if (coordinator.RunNow(id) != RunState.Finished) throw new InvalidOperationException(store.Run(id)!.Reason);
            var evaluations = store.Evaluations(id);
            var (start, end) = (evaluations[0], evaluations[^1]);
            var metrics = store.Metrics(id, [Metric.Kl, Metric.ValueGradientNorm, Metric.PolicyGradientNorm], int.MaxValue)
                .ToDictionary(series => series.Name, series => series.Values);
            var kl = LargestMean(metrics[Metric.Kl]);
            var errors = RiseInErrors(start.ProxyByQuery, end.ProxyByQuery);
            var ratio = MeanOfLast(metrics[Metric.ValueGradientNorm]) / MeanOfLast(metrics[Metric.PolicyGradientNorm]);
            var holds = errors > LeastErrors && kl <= MostTargets * plan.Ppo.KlTarget;
            var proxy = $"{start.Proxy.Mean:f3} to {end.Proxy.Mean:f3}";
            var gold = plan.Gold is null ? "none" : $"{start.Gold.Mean:f2} to {end.Gold.Mean:f2}";
            Console.WriteLine(
                $"{plan.Design.Title,-8}{options,-14}{proxy,16}{errors,9:f1}{kl,9:f1}{ratio,14:f2}{gold,18}  {(holds ? "yes" : "no")}");
            foreach (var alert in RunAlerts.Find(store, store.Run(id)!)) Console.WriteLine(
                $"        {alert.Title}, from step {alert.Opened}. {alert.Text}");
            foreach (var sentence in end.Cuts?.Sentences() ?? []) Console.WriteLine($"        {sentence}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double LargestMean(double[] values) => Enumerable.Range(0, Math.Max(1, values.Length - RunAlerts.Window + 1))
        .Max(i => values.Skip(i).Take(RunAlerts.Window).Average());

    /// <summary>The mean difference over the same queries, in standard errors.</summary>
    private static double RiseInErrors(double[] before, double[] after)
    {
        var rises = before.Zip(after, (b, a) => a - b).ToArray();
        var mean = rises.Average();
        return mean / Math.Sqrt(rises.Sum(rise => (rise - mean) * (rise - mean)) / (rises.Length - 1) / rises.Length);
    }
}
