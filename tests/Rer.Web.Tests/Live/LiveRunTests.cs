using Rer.Engine.Runs;
using Rer.Engine.Runs.Alerts;
using Rer.Engine.Runs.Events;
using Rer.Engine.Storage;
using Rer.Engine.Training;
using Rer.Web.Components.Run;
using Rer.Web.Live;
using Rer.Web.Tests.Components;
using Rer.Web.Tests.Stores;

namespace Rer.Web.Tests.Live;

public sealed class LiveRunTests : IDisposable
{
    private const string Id = "watched";

    private readonly string _folder = Directory.CreateTempSubdirectory("rer-live-").FullName;
    private readonly RunStore _store;
    private readonly RunFeed _feed;

    public LiveRunTests()
    {
        _store = RunStore.Open(_folder);
        _feed = new RunFeed(_store);
        var plan = SampleRun.Plan("LI", steps: 6000);
        _store.Add(RunRecord.Of(Id, plan, SampleStore.Begin) with { State = RunState.Running });
    }

    private RunRecord Run => _store.Run(Id)!;

    public void Dispose()
    {
        _feed.Dispose();
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_long_run_is_judged_on_every_step_not_on_the_points_that_are_drawn()
    {
        // A spike in ten steps: 5.8 nats in the mean. Of the points that are drawn every other one is a spike, and they would pass 9.
        Train(1, 5000, step => step % 10 == 0 ? 40 : 2);
        var live = Loaded();
        Assert.True(live.Metric(Metric.Kl).Count < 5000);
        Assert.Empty(live.Alerts);
        Assert.Empty(RunAlerts.Find(_store, Run));
    }

    [Fact]
    public void The_page_and_the_store_find_the_same_alerts_in_a_long_run()
    {
        Train(1, 5000, step => step is >= 3000 and < 3500 ? 12 : 3);
        var alert = Assert.Single(Loaded().Alerts);
        // Of 20 steps 14 above are the first with a mean above 9, and 13 below the last.
        Assert.Equal((RunAlertKind.KlAboveTarget, 3013, 3506), (alert.Kind, alert.Opened, alert.Closed));
        Assert.Equal([alert], RunAlerts.Find(_store, Run));
    }

    [Fact]
    public void Steps_that_come_while_a_page_looks_open_and_close_alerts()
    {
        Train(1, 100, _ => 3);
        var live = Loaded();
        Assert.Empty(live.Alerts);
        live.Apply(Train(101, 140, _ => 20));
        Assert.True(Assert.Single(live.Alerts).Open);
        live.Apply(Train(141, 180, _ => 3));
        Assert.False(Assert.Single(live.Alerts).Open);
        Assert.Equal(RunAlerts.Find(_store, Run), live.Alerts);
    }

    [Fact]
    public void A_rewind_takes_back_what_the_steps_beyond_it_said()
    {
        Train(1, 140, step => step > 100 ? 20 : 3);
        var live = Loaded();
        Assert.Single(live.Alerts);
        var seen = Run.LastSequence;
        _store.RewindTo(Id, 100);
        live.Apply(_store.EventsSince(Id, seen));
        Assert.Empty(live.Alerts);
        Assert.DoesNotContain(live.Log, line => line is AlertNoted);
        Assert.Equal(100, live.Metric(Metric.Kl).Steps[^1]);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(4000)]
    public async Task The_log_shows_an_alert_at_the_step_that_brought_it_about(int steps)
    {
        Train(1, steps, step => step is >= 100 and < 150 ? 20 : 3);
        var live = Loaded();
        var noted = live.Log.OfType<AlertNoted>().ToArray();
        // 20 nats in 8 of 20 steps are 9.8 in the mean.
        Assert.Equal([(107, true), (162, false)], noted.Select(n => (n.Change.Step, n.Change.Opened)));
        Assert.Equal(At(107), noted[0].At);
        var html = await Html.Of<RunLog>(("Live", live));
        Assert.Matches("<span class=\"st r\">107</span><span class=\"w\">KL 9.8, above 1.5 × target 6.0</span>",
            System.Net.WebUtility.HtmlDecode(html));
        Assert.Contains("KL 8.9, alert closed", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_log_shows_when_evaluations_part_proxy_from_gold()
    {
        var sample = new SampleRun(Run.Plan, 1);
        for (var i = 0; i < 5; i++)
        {
            var report = sample.Evaluation(500 * i);
            var gold = i < 4 ? -i : 1;
            _store.Append(Id,
                [new EvaluationCompleted(report with { Proxy = report.Proxy with { Mean = i }, Gold = report.Gold with { Mean = gold } })
                {
                    At = At(500 * i),
                }]);
        }

        var lines = Loaded().Log.ToArray();
        var noted = lines.OfType<AlertNoted>().ToArray();
        Assert.Equal([(1500, true), (2000, false)], noted.Select(n => (n.Change.Step, n.Change.Opened)));
        Assert.Equal(1500, Assert.IsType<EvaluationCompleted>(lines[Array.IndexOf(lines, noted[0]) - 1]).Report.Step);
    }

    private static DateTimeOffset At(int step) => SampleStore.Begin.AddSeconds(step);

    private LiveRun Loaded()
    {
        var live = new LiveRun(_store, _feed, Id);
        Assert.True(live.Load());
        if (!live.HasSeries) live.Take(live.ReadSeries());
        return live;
    }

    private IReadOnlyList<RunEvent> Train(int first, int last, Func<int, double> kl) => _store.Append(
        Id,
        [.. Enumerable.Range(first, last - first + 1)
            .Select(
                step =>
                    new StepCompleted(new StepReport(step, new Dictionary<string, double> { [Metric.Kl] = kl(step) })) { At = At(step) })]);
}
