using Rer.Engine.Runs.Alerts;
using Rer.Engine.Training;

namespace Rer.Engine.Tests.Runs;

public sealed class AlertCauseTests
{
    [Fact]
    public void A_drift_that_the_value_loss_causes_is_named_with_what_to_set()
    {
        var watch = new AlertMonitor(Samples.Plan());
        Train(watch, 60, step => (Kl: step / 5.0, Policy: 1.0, Value: 1.4));
        var alert = Assert.Single(watch.Alerts, a => a.Kind == RunAlertKind.ValueMovesPolicy);
        // The mean of twenty steps passes the target of 6 at step 40: (21 + ... + 40) / 5 / 20 = 6.1.
        Assert.Equal((40, true), (alert.Opened, alert.Open));
        Assert.Contains("gradient is 1.40, the policy loss's 1.00", alert.Text, StringComparison.Ordinal);
        Assert.Contains("Set --detach-value-head true, or a --value-coefficient below 1.00", alert.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1.0, 0.5)] // the policy's loss leads, whatever KL is: the reward pays for it
    [InlineData(1.0, 0.0)] // a detached head
    [InlineData(0.0, 0.0)] // the head's warm-up
    [InlineData(double.NaN, double.NaN)] // a run of an earlier version
    public void A_drift_that_the_policys_loss_causes_is_not_blamed_on_the_value(double policy, double value)
    {
        var watch = new AlertMonitor(Samples.Plan());
        Train(watch, 60, _ => (30, policy, value));
        Assert.Equal([RunAlertKind.KlAboveTarget], watch.Alerts.Select(a => a.Kind));
    }

    [Fact]
    public void A_strong_value_loss_is_no_matter_while_the_policy_stays_near_the_reference()
    {
        var watch = new AlertMonitor(Samples.Plan());
        Train(watch, 60, _ => (2, 1, 5));
        Assert.Empty(watch.Alerts);
    }

    [Fact]
    public void The_alert_keeps_its_numbers_when_it_has_closed()
    {
        var watch = new AlertMonitor(Samples.Plan());
        Train(watch, 30, _ => (9, 1, 3));
        Train(watch, 30, _ => (1, 8, 0));
        var alert = Assert.Single(watch.Alerts, a => a.Kind == RunAlertKind.ValueMovesPolicy);
        Assert.False(alert.Open);
        // Both parts as they were in the last window in which it held.
        var numbers = System.Text.RegularExpressions.Regex.Match(alert.Text, @"gradient is ([\d.]+), the policy loss's ([\d.]+)").Groups;
        Assert.True(double.Parse(numbers[1].Value) >= double.Parse(numbers[2].Value), alert.Text);
    }

    private static void Train(AlertMonitor watch, int steps, Func<int, (double Kl, double Policy, double Value)> at)
    {
        var first = Math.Max(0, watch.Step) + 1;
        for (var step = first; step < first + steps; step++)
        {
            var (kl, policy, value) = at(step);
            watch.Add(new StepReport(step, new Dictionary<string, double>
            {
                [Metric.Kl] = kl,
                [Metric.SkippedMinibatches] = 0,
                [Metric.Entropy] = 1,
                [Metric.LengthMean] = 10,
                [Metric.ValueGradientNorm] = value,
                [Metric.PolicyGradientNorm] = policy,
                [Metric.EndedWithEos] = 1,
            }));
        }
    }
}
