using Rer.Engine.Runs.Session;
using Rer.Engine.Training;

namespace Rer.Engine.Tests.Runs;

public sealed class RemainingTimeTests
{
    [Theory]
    [InlineData(0, 1_000 * 2 + 2 * 30)]
    [InlineData(499, 501 * 2 + 2 * 30)]
    [InlineData(500, 500 * 2 + 30)]
    [InlineData(999, 2 + 30)]
    [InlineData(1_000, 0)]
    public void Steps_and_evaluations_that_are_left_are_both_counted(int step, double seconds)
    {
        Assert.Equal(seconds, Estimate(steps: 1_000, step).TotalSeconds, 6);
    }

    [Fact]
    public void The_last_step_is_evaluated_even_off_the_beat() =>
        Assert.Equal(600 * 2 + 2 * 30, Estimate(steps: 1_100, 500).TotalSeconds, 6);

    [Fact]
    public void There_is_no_estimate_before_the_first_step() => Assert.Null(new RemainingTime().Of(Samples.Plan(), 0));

    [Fact]
    public void Only_the_latest_steps_count()
    {
        var remaining = new RemainingTime();
        for (var i = 0; i < 100; i++) remaining.Add(Step(100));
        for (var i = 0; i < 50; i++) remaining.Add(Step(1));
        Assert.Equal(1, remaining.SecondsPerStep);
    }

    private static TimeSpan Estimate(int steps, int step)
    {
        var remaining = new RemainingTime();
        remaining.Add(Step(2));
        remaining.Add(Samples.Evaluation(0) with { Seconds = 30 });
        return remaining.Of(Samples.Plan(steps: steps), step)!.Value;
    }

    private static StepReport Step(double seconds) => new(1, new Dictionary<string, double> { [Metric.SecondsStep] = seconds });
}
