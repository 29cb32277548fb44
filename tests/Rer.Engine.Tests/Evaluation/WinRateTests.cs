using Rer.Engine.Data;
using Rer.Engine.Evaluation.Judges;

namespace Rer.Engine.Tests.Evaluation;

public sealed class WinRateTests
{
    [Fact]
    public void Ties_count_half()
    {
        var rate = WinRate.FromRewards([1, 2, 3, 4], [0, 2, 5, 4], [0, 0, 0, 0]);
        Assert.Equal(0.5, rate.Plain.Mean, 1e-12);
        Assert.Equal((1, 2), (rate.Wins, rate.Ties));
        Assert.Equal(0.5, rate.LengthControlled.Mean, 1e-9);
    }

    [Fact]
    public void What_length_alone_wins_is_taken_out()
    {
        // The chance to win is a logistic function of length, .5 at equal lengths; responses are mostly longer.
        var random = SeededRandom.From(1, "win rate test");
        double[] lengths = [.. Enumerable.Range(0, 600).Select(_ => 100 * (random.NextDouble() * 2 - 0.5))];
        double[] outcomes =
            [.. lengths.Select(length => random.NextDouble() < 1 / (1 + Math.Exp(-3 * Math.Tanh(length / 70))) ? 1.0 : 0.0)];

        var rate = WinRate.FromOutcomes(outcomes, lengths);

        Assert.InRange(rate.Plain.Mean, 0.65, 0.8);
        Assert.InRange(rate.LengthControlled.Mean, 0.42, 0.58);
        Assert.InRange(0.5, rate.LengthControlled.Low, rate.LengthControlled.High);
    }

    [Fact]
    public void Winning_every_time_stays_finite()
    {
        var rate = WinRate.FromOutcomes([1, 1, 1, 1], [5, 1, -2, 7]);
        Assert.Equal(1, rate.Plain.Mean);
        Assert.InRange(rate.LengthControlled.Mean, 0.9, 1);
    }

    [Fact]
    public void Lists_that_do_not_match_are_refused()
    {
        Assert.Throws<ArgumentException>(() => WinRate.FromRewards([1, 2], [1], [0, 0]));
        Assert.Throws<ArgumentException>(() => WinRate.FromOutcomes([1, 0], [0]));
        Assert.Throws<ArgumentException>(() => WinRate.FromOutcomes([double.NaN], [0]));
    }
}
