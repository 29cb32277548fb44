using System.Text.Json;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Runs.Queue;
using Rer.Engine.Runs.Session;
using Rer.Engine.Storage;
using Rer.Engine.Tests.Gold.Remote;

namespace Rer.Engine.Tests.Runs;

public sealed class RemoteGoldRunTests
{
    [Fact]
    public void A_server_that_fails_stops_the_run_with_nothing_lost_and_the_resumed_run_is_the_whole_one()
    {
        using var study = new TinyStudy();
        var broken = false;
        using var server = new LoopbackServer(request => broken
            ? new("gone for lunch", 404)
            : new(JsonSerializer.Serialize(new { rewards = request.Texts("query").Select(text => text.Length / 10.0) })));
        var plan = study.Plan() with { Gold = $"openrlhf:{server.Address}", Evaluation = study.Plan().Evaluation with { Every = 8 } };
        Assert.Empty(plan.Validate());
        using var whole = RunStore.Open(study.Folder("whole"));
        using var parts = RunStore.Open(study.Folder("parts"));
        var expected = Run(whole, plan);
        Assert.Equal(RunState.Finished, expected.State);

        // The server goes away between the evaluations of steps 8 and 16.
        parts.Changed += Break;
        var failed = Run(parts, plan);
        parts.Changed -= Break;
        Assert.Equal((RunState.Failed, 16), (failed.State, failed.Step));
        Assert.Contains("it answered 404", failed.Reason);
        Assert.Equal([0, 8], parts.Evaluations(failed.Id).Select(evaluation => evaluation.Step));
        Assert.Equal(16, new CheckpointFolder(parts.RunFolder(failed.Id)).Steps[^1]);

        broken = false;
        using (var feed = new RunFeed(parts))
        using (var coordinator = new RunCoordinator(parts, feed, (p, context) => new RunSession(p, context)))
            Assert.Equal(RunState.Finished, coordinator.RunNow(failed.Id));
        SameRuns.Assert(whole, expected.Id, parts, failed.Id);

        void Break(string run)
        {
            if (parts.Run(run) is { Step: >= 10 }) broken = true;
        }
    }

    private static RunRecord Run(RunStore store, RunPlan plan)
    {
        using var feed = new RunFeed(store);
        using var coordinator = new RunCoordinator(store, feed, (p, context) => new RunSession(p, context));
        var id = coordinator.Launch(plan);
        coordinator.RunNow(id);
        return store.Run(id)!;
    }
}
