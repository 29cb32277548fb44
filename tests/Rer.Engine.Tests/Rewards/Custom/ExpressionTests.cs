using Rer.Engine.Rewards.Custom;

namespace Rer.Engine.Tests.Rewards.Custom;

public sealed class ExpressionTests
{
    [Theory]
    [InlineData("1 + 2 * 3", 7)]
    [InlineData("(1 + 2) * 3", 9)]
    [InlineData("8 / 4 / 2", 1)]
    [InlineData("10 - 4 - 3", 3)]
    [InlineData("-2^2", -4)]
    [InlineData("2^3^2", 512)]
    [InlineData("2 * -3", -6)]
    [InlineData("--3", 3)]
    [InlineData(".5 + 1.25", 1.75)]
    [InlineData("2 < 3", 1)]
    [InlineData("3 <= 2", 0)]
    [InlineData("1 == 1 and 2 > 3 or 1", 1)]
    [InlineData("0 or 2 != 2", 0)]
    [InlineData("if(1 > 2, 10, 20)", 20)]
    [InlineData("clamp(5, 0, 2) + min(4, 2, 3) + max(1, 9)", 13)]
    [InlineData("round(2.5) + floor(2.9) + ceil(2.1) + abs(-1) + sqrt(16) + exp(0) + log(1)", 14)]
    public void Arithmetic_follows_the_usual_precedence(string source, double value) =>
        Assert.Equal(value, Features.Value(Features.Expression(source), "any"), 12);

    [Theory]
    [InlineData("words", 8)]
    [InlineData("distinct_words", 6)]
    [InlineData("chars", 28)]
    [InlineData("sentences", 2)]
    [InlineData("lines", 2)]
    [InlineData("query_words", 4)]
    [InlineData("li", 0.08)]
    [InlineData("rp", 1)]
    [InlineData("min(words, 5) / 100 * RP", 0.05)]
    public void Quantities_are_those_of_the_response(string source, double value) =>
        Assert.Equal(value, Features.Value(Features.Expression(source), "The cat sat.\n\nThe cat ran!?\n"), 12);

    [Theory]
    [InlineData("words +", 8, "a value is missing")]
    [InlineData("words / (1 + rp", 9, "this parenthesis is not closed")]
    [InlineData("wrods / 100", 1, "'wrods' is not known. Quantities: words, distinct_words")]
    [InlineData("1 + mean(words)", 5, "there is no function 'mean'. Functions: min(a, b, ...)")]
    [InlineData("clamp(words, 1)", 1, "clamp takes 3 arguments, not 2: clamp(x, low, high)")]
    [InlineData("min()", 1, "min takes 2 arguments or more, not 0")]
    [InlineData("words 100", 7, "'100' is not expected here")]
    [InlineData("1.2.3", 1, "'1.2.3' is no number")]
    [InlineData("words ÷ 2", 7, "'÷' is not expected here")]
    [InlineData("", 1, "a value is missing")]
    public void An_error_says_what_is_wrong_and_where(string source, int column, string message)
    {
        var error = Features.Error(Features.Expression(source));
        Assert.Equal((1, column), (error.Line, error.Column));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_on_a_later_line_names_the_line()
    {
        var error = Features.Error(Features.Expression("words\n  * (rp\n  + x1)"));
        Assert.Equal((3, 5, 2), (error.Line, error.Column, error.Length));
    }

    [Fact]
    public void Nesting_without_end_is_an_error_and_not_a_crash()
    {
        Assert.Contains("levels", Features.Error(Features.Expression(new string('(', 5000) + "1")).Message, StringComparison.Ordinal);
        Assert.Contains("powers", Features.Error(Features.Expression(string.Concat(Enumerable.Repeat("2^", 5000)) + "1")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_chain_is_evaluated_and_a_longer_one_refused_with_its_place()
    {
        var chain = string.Join('+', Enumerable.Repeat("1", 5000));
        Assert.Equal(5000, CustomFeatures.Compile(Features.Expression(chain)).Evaluate(Features.Item("a")));
        Assert.Equal(
            1, CustomFeatures.Compile(Features.Expression(string.Join(" or ", Enumerable.Repeat("1", 1600)))).Evaluate(Features.Item("a")));
        var error = Features.Error(Features.Expression(chain + "+10"));
        Assert.Equal((10_001, "the source has 10002 characters; at most 10000 are allowed."), (error.Column, error.Message));
        Assert.Contains("at most 10000", Features.Error(Features.Expression(new string('x', 5_000_000))).Message);
        Assert.True(Features.Error(Features.Expression(new string('x', 9_000))).Message.Length < 1000);
    }

    [Fact]
    public void What_an_item_lacks_makes_the_feature_unknown_and_is_named()
    {
        var feature = CustomFeatures.Compile(Features.Expression("rar / reference_words"));
        Assert.False(feature.AppliesTo(Features.Item("a", qr: 1)));
        Assert.True(feature.AppliesTo(Features.Item("a", reference: "b c", rar: 3)));
        Assert.Equal(1.5, feature.Evaluate(Features.Item("a", reference: "b c", rar: 3)), 12);
        Assert.Contains("reference", feature.Needs, StringComparison.Ordinal);
        Assert.Equal("", CustomFeatures.Compile(Features.Expression("words")).Needs);
    }
}
