using Rer.Engine.Gold;

namespace Rer.Engine.Tests.Gold;

public sealed class RewardReadingTests
{
    [Theory]
    [InlineData(RewardReading.BeforeFirstPadding, new[] { 1, 5, 7 }, 2)]
    [InlineData(RewardReading.BeforeFirstPadding, new[] { 1, 5, 0, 0 }, 1)]
    [InlineData(RewardReading.BeforeFirstPadding, new[] { 1, 0, 7, 0 }, 0)]
    [InlineData(RewardReading.BeforeFirstPadding, new[] { 0, 5, 7 }, 2)]
    // A text that closes with the id that also pads is read before it; one within the text is passed over.
    [InlineData(RewardReading.LastNotPadding, new[] { 1, 5, 7 }, 2)]
    [InlineData(RewardReading.LastNotPadding, new[] { 1, 5, 7, 0 }, 2)]
    [InlineData(RewardReading.LastNotPadding, new[] { 1, 0, 7, 0, 0 }, 2)]
    [InlineData(RewardReading.LastNotPadding, new[] { 0, 0 }, 0)]
    [InlineData(RewardReading.LastToken, new[] { 1, 5, 0 }, 2)]
    public void The_score_stands_where_the_published_code_reads_it(RewardReading reading, int[] ids, int position)
    {
        Assert.Equal(position, reading.PositionIn(ids, padId: 0));
        Assert.Equal(ids.Length - 1, reading.PositionIn(ids, padId: null));
        Assert.Equal(position, reading.Score(ids, [0, 1, 2, 3, 4, 5], padId: 0));
    }

    [Fact]
    public void A_mean_takes_in_the_tokens_and_nothing_behind_them() =>
        Assert.Equal(2, RewardReading.Mean.Score([7, 8, 9], [1, 2, 3, 100], padId: 0));
}
