using Rer.Engine.Runs.Alerts;
using Rer.Engine.Training;

namespace Rer.Engine.Tests.Runs;

/// <summary>The KL's limit in these runs is 1.5 × 6 = 9 nats, and a tenth of it .9.</summary>
public sealed class AlertWatchTests
{
    private readonly AlertMonitor _watch = new(Samples.Plan());

    [Fact]
    public void A_metric_that_crosses_its_limit_at_every_other_window_is_one_alert_that_stays_open()
    {
        // The mean swings between 8.7 and 9.3, eleven steps on either side.
        var changes = Kl(2_000, step => 9 + 3 * Math.Sin(step * Math.PI / 11));
        Assert.True(Assert.Single(changes).Opened);
        Assert.True(Assert.Single(_watch.Alerts).Open);
    }

    [Fact]
    public void A_metric_that_drifts_about_its_limit_opens_and_closes_its_alert_once()
    {
        var changes = Kl(3_000, step => 9 + 0.6 * Math.Sin(step * Math.PI / 150));
        Assert.Equal([true, false], changes.Select(change => change.Opened));
    }

    [Fact]
    public void A_metric_that_goes_far_beyond_its_limit_again_opens_its_alert_again()
    {
        var changes = Kl(400, step => step is > 100 and <= 200 or > 300 ? 12 : 8.5);
        Assert.Equal([true, false, true], changes.Select(change => change.Opened));
    }

    [Fact]
    public void A_metric_that_was_well_within_its_limit_opens_a_new_alert_at_the_limit()
    {
        var changes = Kl(400, step => step is > 100 and <= 200 or > 300 ? 9.3 : 3);
        Assert.Equal([true, false, true], changes.Select(change => change.Opened));
    }

    [Fact]
    public void An_alert_closes_as_of_the_first_step_within_the_limit_once_a_window_of_them_has_gone_by()
    {
        Kl(129, step => step > 100 ? 3 : 12);
        // Of 20 steps 13 above make a mean of 8.85: that is at step 107, and 20 more have not gone by at 126.
        Assert.Equal(107, Assert.Single(_watch.Alerts).Closed);
        var other = new AlertMonitor(Samples.Plan());
        for (var step = 1; step <= 126; step++) other.Add(Report(step, step > 100 ? 3 : 12));
        Assert.Null(Assert.Single(other.Alerts).Closed);
    }

    private List<AlertChange> Kl(int steps, Func<int, double> kl)
    {
        var changes = new List<AlertChange>();
        for (var step = 1; step <= steps; step++) changes.AddRange(_watch.Add(Report(step, kl(step))));
        return changes;
    }

    private static StepReport Report(int step, double kl) => new(step, new Dictionary<string, double> { [Metric.Kl] = kl });
}
