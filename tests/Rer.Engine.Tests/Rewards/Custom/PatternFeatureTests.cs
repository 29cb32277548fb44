using Rer.Engine.Rewards.Custom;

namespace Rer.Engine.Tests.Rewards.Custom;

public sealed class PatternFeatureTests
{
    [Theory]
    [InlineData(PatternMeasure.Count, 2)]
    [InlineData(PatternMeasure.PerHundredWords, 25)]
    [InlineData(PatternMeasure.Present, 1)]
    [InlineData(PatternMeasure.Absent, 0)]
    public void Matches_are_worth_what_the_measure_says(PatternMeasure measure, double value) =>
        Assert.Equal(value, Features.Value(Features.Pattern(@"(?i)\b(maybe|perhaps)\b", measure), "Perhaps it is so, or maybe not"), 12);

    [Fact]
    public void Only_the_response_before_its_first_stop_string_counts()
    {
        var item = Features.Item("one !\n\n\n\nHuman: two !!") with { Cut = "one !", Words = ["one", "!"] };
        Assert.Equal(1, CustomFeatures.Compile(Features.Pattern("!")).Evaluate(item));
    }

    [Fact]
    public void An_error_says_where_the_pattern_is_wrong()
    {
        var error = Features.Error(Features.Pattern("(maybe|perhaps"));
        Assert.Contains("a '(' is not closed", error.Message, StringComparison.Ordinal);
        Assert.Equal(14, error.Column);
        Assert.Contains("empty", Features.Error(Features.Pattern("")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_that_backtracks_without_end_is_stopped_and_says_so()
    {
        var feature = CustomFeatures.Compile(Features.Pattern("(a+)+$"));
        var error = Assert.Throws<InvalidDataException>(() => feature.Evaluate(Features.Item(new string('a', 60) + "!")));
        Assert.Contains("took more than 100 ms", error.Message, StringComparison.Ordinal);
    }
}
