using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Session;
using Rer.Engine.Storage;
using Rer.Engine.Tests.Storage;

namespace Rer.Engine.Tests.Runs;

public sealed class RunFeedTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryStore _temporary = new();
    private readonly RunFeed _feed;

    public RunFeedTests()
    {
        _feed = new RunFeed(Store);
        Store.Add(Samples.Record("r1"));
    }

    private RunStore Store => _temporary.Store;

    public void Dispose()
    {
        _feed.Dispose();
        _temporary.Dispose();
    }

    [Fact]
    public async Task A_watcher_that_comes_late_and_goes_slowly_sees_every_event_once_and_in_order()
    {
        const int steps = 5_000;
        Store.Append("r1", [.. Enumerable.Range(1, 100).Select(Samples.Step)]);
        var writing = Task.Run(() =>
        {
            for (var step = 101; step <= steps; step += 50) Store.Append("r1", [.. Enumerable.Range(step, 50).Select(Samples.Step)]);
        });

        var seen = new List<long>();
        using var patience = new CancellationTokenSource(_patience);
        await foreach (var batch in _feed.Watch("r1", 40, TimeSpan.FromMilliseconds(20), patience.Token))
        {
            seen.AddRange(batch.Select(e => e.Sequence));
            if (seen[^1] == steps) break;
        }

        await writing;
        Assert.Equal(Enumerable.Range(41, steps - 40).Select(i => (long)i), seen);
    }

    [Fact]
    public async Task Many_changes_within_an_interval_are_one_update()
    {
        using var subscription = _feed.Subscribe(TimeSpan.FromMilliseconds(1));
        Store.Add(Samples.Record("r2"));
        for (var i = 0; i < 100; i++) Store.SetNote("r1", $"{i}");
        using var patience = new CancellationTokenSource(_patience);

        Assert.Equal(["r1", "r2"], (await subscription.NextAsync(patience.Token)).Order());

        var next = subscription.NextAsync(patience.Token).AsTask();
        Assert.NotSame(next, await Task.WhenAny(next, Task.Delay(50, patience.Token)));
        Store.SetNote("r2", "again");
        Assert.Equal(["r2"], await next);
    }

    [Fact]
    public async Task A_second_update_waits_for_the_end_of_the_interval()
    {
        var time = new ManualTime();
        using var feed = new RunFeed(Store, time);
        using var subscription = feed.Subscribe(TimeSpan.FromSeconds(1));
        Store.SetNote("r1", "a");
        await subscription.NextAsync();
        Store.SetNote("r1", "b");

        var second = subscription.NextAsync().AsTask();
        time.Advance(TimeSpan.FromSeconds(0.9));
        Assert.False(second.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.2));

        Assert.Equal(["r1"], await second.WaitAsync(_patience));
    }

    [Fact]
    public async Task What_another_process_writes_is_seen_as_well()
    {
        using var elsewhere = RunStore.Open(_temporary.Folder);
        using var patience = new CancellationTokenSource(_patience);
        await using var watch = _feed.Watch("r1", 0, cancellation: patience.Token).GetAsyncEnumerator();
        var next = watch.MoveNextAsync();
        elsewhere.Append("r1", [Samples.Step(1)]);

        Assert.True(await next);
        Assert.Equal([1L], watch.Current.Select(e => e.Sequence));
    }

    [Fact]
    public async Task Progress_reaches_those_who_watch_and_is_not_stored()
    {
        var context = new RunContext(Store, "r1", _feed);
        using var patience = new CancellationTokenSource(_patience);
        await using var watch = _feed.Watch("r1", 0, cancellation: patience.Token).GetAsyncEnumerator();
        var next = watch.MoveNextAsync();
        context.Publish(new ProgressChanged("evaluate", 3, 64));

        Assert.True(await next);
        Assert.Equal(("evaluate", 3, 64),
            Assert.IsType<ProgressChanged>(watch.Current.Single()) is var p ? (p.Phase, p.Done, p.Total) : default);
        Assert.Empty(Store.EventsSince("r1", 0));
    }

    [Fact]
    public async Task A_snapshot_and_the_watch_after_it_neither_overlap_nor_leave_a_gap()
    {
        var writing = Task.Run(() =>
        {
            for (var step = 1; step <= 400; step++) Store.Append("r1", [Samples.Step(step)]);
        });
        SpinWait.SpinUntil(() => Store.Run("r1")!.Step > 50, _patience);

        var snapshot = Store.Snapshot("r1", ["kl/sequence"])!;
        var steps = snapshot.Metrics[0].Steps.ToList();
        using var patience = new CancellationTokenSource(_patience);
        await foreach (var batch in _feed.Watch("r1", snapshot.Run.LastSequence, TimeSpan.FromMilliseconds(5), patience.Token))
        {
            steps.AddRange(batch.OfType<StepCompleted>().Select(e => e.Report.Step));
            if (steps[^1] == 400) break;
        }

        await writing;
        Assert.Equal(Enumerable.Range(1, 400), steps);
    }
}
