using System.Text.Json;
using Rer.Engine.Runs.Session;
using Rer.Engine.Storage;

namespace Rer.Engine.Tests.Runs;

/// <summary>Two runs that must be the same bit for bit, clocks and memory aside.</summary>
internal static class SameRuns
{
    public static void Assert(RunStore expected, string expectedId, RunStore actual, string actualId)
    {
        var names = expected.MetricNames(expectedId).Where(name => !IsMeasured(name)).Order().ToArray();
        Xunit.Assert.NotEmpty(names);
        Xunit.Assert.Equal(names, actual.MetricNames(actualId).Where(name => !IsMeasured(name)).Order());
        foreach (var (a, b) in expected.Metrics(expectedId, names).Zip(actual.Metrics(actualId, names)))
        {
            Xunit.Assert.Equal(a.Steps, b.Steps);
            Xunit.Assert.Equal(a.Values, b.Values);
        }

        Xunit.Assert.Equal(Evaluations(expected, expectedId), Evaluations(actual, actualId));
        Xunit.Assert.Equal(Rollouts(expected, expectedId), Rollouts(actual, actualId));
        var (first, second) = (new CheckpointFolder(expected.RunFolder(expectedId)), new CheckpointFolder(actual.RunFolder(actualId)));
        foreach (var file in new[] { "adapter_model.safetensors", "value_head.safetensors", "trainer.safetensors" })
        {
            Xunit.Assert.Equal(
                File.ReadAllBytes(Path.Combine(first.PathOf(first.Steps[^1]), file)),
                File.ReadAllBytes(Path.Combine(second.PathOf(second.Steps[^1]), file)));
        }
    }

    private static bool IsMeasured(string metric) => metric.Split('/')[0] is "seconds" or "speed" or "memory";

    private static string Evaluations(RunStore store, string id) =>
        JsonSerializer.Serialize(store.Evaluations(id).Select(e => e with { Seconds = 0 }));

    private static string Rollouts(RunStore store, string id) =>
        JsonSerializer.Serialize(
            store.Rollouts(new RolloutQuery { RunId = id, Limit = RolloutQuery.MaxLimit }).Rows.Select(r => r.Rollout));
}
