using Rer.Engine.Data.Preferences;
using Rer.Engine.Evaluation.Judges;

namespace Rer.Engine.Tests.Evaluation;

public sealed class RewardBenchTests
{
    private static readonly PreferenceSet Pairs = new("bench.json",
        [new("a", "b", "c", "chat"), new("a", "b", "d", "chat"), new("a", "b", "e", "code"), new("a", "b", "f", "chat")]);

    [Fact]
    public void Accuracy_is_told_by_subset_and_in_all()
    {
        var bench = RewardBench.From(Pairs, [2, 1, 3, 1], [1, 1, 1, 2]);
        Assert.Equal(2.5 / 4, bench.Accuracy.Mean, 1e-12);
        Assert.Equal(["chat", "code"], bench.BySubset.Keys);
        Assert.Equal((0.5, 3), (bench.BySubset["chat"].Mean, bench.BySubset["chat"].Count));
        Assert.Equal(1, bench.BySubset["code"].Mean);
        Assert.Equal(0.75, bench.SubsetMean, 1e-12);
    }

    [Fact]
    public void Every_pair_needs_both_rewards() => Assert.Throws<ArgumentException>(() => RewardBench.From(Pairs, [1, 2, 3, 4], [1, 2, 3]));
}
