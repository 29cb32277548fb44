using Rer.Engine.Evaluation.Metrics;
using Rer.Engine.Tests.Runs;

namespace Rer.Engine.Tests.Evaluation;

public sealed class Distinct2Tests
{
    // Counted by hand; `a b` of the first text is the same bigram in the second, and none spans the two.
    [Theory]
    [InlineData(new[] { "a b c" }, 1.0)]
    [InlineData(new[] { "a b a b a" }, 2.0 / 4)]
    [InlineData(new[] { "a b c", "a b d" }, 3.0 / 4)]
    [InlineData(new[] { "a b", "b a" }, 1.0)]
    [InlineData(new[] { "A b", "a b" }, 1.0)]
    [InlineData(new[] { "no, no, no." }, 3.0 / 5)]
    [InlineData(new[] { "the same words", "the same words", "the same words", "the same words" }, 2.0 / 8)]
    [InlineData(new[] { "alone", "a b" }, 1.0)]
    [InlineData(new[] { "alone", "" }, double.NaN)]
    public void It_is_the_share_of_distinct_bigrams_among_all(string[] responses, double expected) =>
        Assert.Equal(expected, new Distinct2().Compute([.. responses.Select((text, sample) => Samples.Rollout(0, 0, sample, text))]),
            1e-12);

    [Fact]
    public void Every_metric_is_computed_over_the_responses_to_its_query_types_alone()
    {
        // Item 0 is open-ended, item 1 closed-ended.
        var metrics = EvaluationMetrics.Compute(
        [
            Samples.Rollout(0, 0, 0, "a b c"), Samples.Rollout(0, 0, 1, "a b d"),
            Samples.Rollout(0, 1, 0, "a b a b a"), Samples.Rollout(0, 1, 1, "a"),
        ]);

        Assert.Equal(3.0 / 4, metrics["OE_distinct_2"], 1e-12);
        Assert.Equal(2.0 / 4, metrics["CE_distinct_2"], 1e-12);
        Assert.Equal(10.5, metrics["length_mean"], 1e-12);
        Assert.Equal(0.5, metrics["eos_share"], 1e-12);
    }
}
