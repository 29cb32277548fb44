using Rer.Engine.Playground;
using Rer.Engine.Rewards;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Queue;
using Rer.Engine.Runs.Session;
using Rer.Engine.Storage;

namespace Rer.Examples;

/// <summary>Trains the playground's policy on a design, and follows it while it trains.</summary>
internal static class TrainHeadless
{
    /// <param name="folder">Where the run is kept; `rer show --store` and the dashboard read it too.</param>
    /// <param name="design">Such as `LI` or `OE: LI*RP*QR; CE: RP*RAR`.</param>
    /// <param name="steps">PPO steps.</param>
    /// <param name="output">A line per evaluation.</param>
    public static void Run(string folder, string design, int steps, TextWriter output)
    {
        var playground = PlaygroundPlans.Find() ?? throw new DirectoryNotFoundException("data/playground is in no folder above this one.");
        var plan = playground.Plan(RewardDesign.Parse(design), steps: steps, evaluateEvery: Math.Max(1, steps / 2));
        plan = plan with { Evaluation = plan.Evaluation with { Queries = 20, Responses = 2 } };
        if (plan.Validate() is { Count: > 0 } errors) throw new InvalidOperationException(string.Join('\n', errors));

        using var store = RunStore.Open(folder);
        using var feed = new RunFeed(store);
        using var coordinator = new RunCoordinator(store, feed, (given, context) => new RunSession(given, context));
        var run = coordinator.Launch(plan);

        // On this thread, until the run has ended; Start() instead works the queue on a thread of its own.
        var state = coordinator.RunNow(run);
        output.WriteLine($"{run}: {state}");
        foreach (var evaluation in store.Evaluations(run))
            output.WriteLine($"step {evaluation.Step}: proxy {evaluation.Proxy.Mean:f3}, gold {evaluation.Gold.Mean:f3}");
    }
}
