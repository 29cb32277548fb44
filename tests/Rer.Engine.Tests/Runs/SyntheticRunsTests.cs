using Rer.Benchmarks;
using Rer.Engine.Runs;
using Rer.Engine.Storage;
using Rer.Engine.Tests.Storage;

namespace Rer.Engine.Tests.Runs;

public sealed class SyntheticRunsTests : IDisposable
{
    private readonly TemporaryStore _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Invented_runs_have_all_that_real_ones_have()
    {
        new SyntheticRuns { Runs = 2, Steps = 25, Evaluations = 5, Queries = 4, Responses = 2 }.Fill(_temporary.Store);

        var runs = _temporary.Store.Runs(new RunFilter { Tag = "synthetic" });

        Assert.Equal(2, runs.Count);
        Assert.All(runs, run =>
        {
            Assert.Equal((RunState.Finished, 25), (run.State, run.Step));
            Assert.Equal([0, 6, 12, 18, 24, 25], run.Points.Select(p => p.Step));
            Assert.NotNull(run.Monotonicity);
            Assert.Equal(6 * 4 * 2, _temporary.Store.Rollouts(new RolloutQuery { RunId = run.Id }).Total);
            Assert.All(_temporary.Store.Metrics(run.Id, _temporary.Store.MetricNames(run.Id)), m => Assert.Equal(25, m.Steps.Length));
        });
    }

    [Fact]
    public void The_same_seed_invents_the_same()
    {
        using var other = new TemporaryStore();
        foreach (var store in new[] { _temporary.Store, other.Store })
            new SyntheticRuns { Runs = 1, Steps = 5, Evaluations = 2, Queries = 2 }.Fill(store);
        var id = _temporary.Store.Runs()[0].Id;
        Assert.Equivalent(_temporary.Store.Evaluations(id), other.Store.Evaluations(id), strict: true);
    }
}
