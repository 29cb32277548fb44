using Rer.Engine.Evaluation.Statistics;

namespace Rer.Engine.Tests.Evaluation;

public sealed class BootstrapTests
{
    [Fact]
    public void The_interval_of_many_values_is_near_the_normal_one()
    {
        var random = new Random(3);
        double[] values = [.. Enumerable.Range(0, 400).Select(_ => random.NextDouble())];
        var interval = Bootstrap.Interval(values, resamples: 4000, seed: 1);
        // The standard deviation of a uniform value is sqrt(1 / 12).
        var half = 1.96 * Math.Sqrt(1.0 / 12 / 400);
        Assert.Equal(values.Average(), interval.Mean, 1e-12);
        Assert.Equal(interval.Mean - half, interval.Low, 0.003);
        Assert.Equal(interval.Mean + half, interval.High, 0.003);
        Assert.Equal(400, interval.Count);
    }

    [Fact]
    public void The_seed_decides_the_draws()
    {
        double[] values = [1, 5.3, 2.01, 8.7, 3.2, 1.44, 9.13, 0.2];
        Assert.Equal(Bootstrap.Interval(values, seed: 5), Bootstrap.Interval(values, seed: 5));
        Assert.NotEqual(Bootstrap.Interval(values, seed: 5), Bootstrap.Interval(values, seed: 6));
    }

    [Fact]
    public void A_paired_difference_is_as_sure_as_the_pairs_agree()
    {
        double[] before = [1, 50, -20, 7];
        var difference = Bootstrap.PairedDifference([.. before.Select(value => value + 2)], before);
        Assert.Equal(new Interval(2, 2, 2, 4), difference);
        Assert.Throws<ArgumentException>(() => Bootstrap.PairedDifference([1, 2], [1]));
    }

    [Fact]
    public void One_value_is_its_own_interval_and_none_is_refused()
    {
        Assert.Equal(new Interval(3, 3, 3, 1), Bootstrap.Interval([3]));
        Assert.Throws<ArgumentException>(() => Bootstrap.Interval([]));
    }
}
