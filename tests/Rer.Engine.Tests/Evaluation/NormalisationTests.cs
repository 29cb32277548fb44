using Rer.Engine.Evaluation.Statistics;

namespace Rer.Engine.Tests.Evaluation;

public sealed class NormalisationTests
{
    [Fact]
    public void Z_scores_have_mean_0_and_deviation_1()
    {
        double[] scores = Normalisation.ZScore([1, 2, 3, 4]);
        Assert.Equal(0, scores.Average(), 1e-12);
        Assert.Equal(1, scores.Average(score => score * score), 1e-12);
    }

    [Fact]
    public void Min_max_spans_0_to_1() => Assert.Equal([0, 0.25, 1], Normalisation.MinMax([2, 3, 6]));

    [Fact]
    public void A_constant_series_becomes_0_and_unknown_values_stay_unknown()
    {
        Assert.Equal([0, double.NaN, 0], Normalisation.ZScore([0.1, double.NaN, 0.1]));
        Assert.Equal([0, 0, 0], Normalisation.ZScore([0.1, 0.1, 0.1]));
        Assert.Equal([0, 0], Normalisation.MinMax([7, 7]));
        Assert.Equal([double.NaN], Normalisation.MinMax([double.NaN]));
    }
}
