using Rer.Engine.Evaluation.Statistics;
using Rer.Engine.Storage;
using Rer.Engine.Training;

namespace Rer.Examples;

/// <summary>Reads what a run left: its steps, its evaluations, its responses, and what its checkpoints say together.</summary>
internal static class ReadRun
{
    /// <param name="folder">The store.</param>
    /// <param name="run">The run's name.</param>
    /// <param name="output">A few lines.</param>
    public static void Run(string folder, string run, TextWriter output)
    {
        using var store = RunStore.Open(folder, create: false);
        var record = store.Run(run) ?? throw new InvalidOperationException($"{folder} has no run '{run}'.");
        output.WriteLine($"{record.Id}: {record.Plan.Design.Text}, {record.State} at step {record.Step}");

        var kl = store.Metrics(run, [Metric.Kl])[0];
        if (kl.Values.Length > 0) output.WriteLine($"KL {kl.Values[^1]:f3} nats per sequence at the last step");

        var evaluations = store.Evaluations(run);
        var relation = Monotonicity.Assess(evaluations);
        output.WriteLine($"{evaluations.Count} evaluations: {relation.Verdict}. {relation.Rule}");

        foreach (var rollout in store.Rollouts(new RolloutQuery { RunId = run, Limit = 2 }).Rows)
            output.WriteLine($"gold {rollout.Rollout.Gold:f2}: {rollout.Rollout.Response.ReplaceLineEndings(" ")}");
    }
}
