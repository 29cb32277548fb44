using Rer.Web.Formatting;

namespace Rer.Web.Tests.Formatting;

public sealed class DisplayTests
{
    [Theory]
    [InlineData(-0.234, "−.23")]
    [InlineData(0.98, ".98")]
    [InlineData(1.0, "1.00")]
    [InlineData(double.NaN, "–")]
    public void A_correlation_drops_its_leading_zero(double value, string text) => Assert.Equal(text, Display.Correlation(value));

    [Theory]
    [InlineData(0.31, "0.31 s")]
    [InlineData(38, "38 s")]
    [InlineData(250, "4 min 10 s")]
    [InlineData(38 * 60, "38 min")]
    [InlineData(4 * 3600 + 7 * 60, "4 h 07 min")]
    [InlineData(57 * 3600, "2 d 9 h")]
    [InlineData(59.7, "1 min")]
    [InlineData(3599, "1 h 00 min")]
    public void A_time_reads_as_a_person_says_it(double seconds, string text) => Assert.Equal(text, Display.Duration(seconds));

    [Theory]
    [InlineData(0.0004, "< .001")]
    [InlineData(0.0042, ".004")]
    [InlineData(0.5, ".50")]
    public void A_p_value_below_a_thousandth_says_so(double p, string text) => Assert.Equal(text, Display.Probability(p));

    [Fact]
    public void A_hyphen_inside_a_word_is_no_minus() =>
        Assert.Equal("open-ended fell by −0.5 (−1 to 0)", Display.Prose("open-ended fell by -0.5 (-1 to 0)"));

    [Theory]
    [InlineData(98.6 * 1024 * 1024 * 1024, "98.6 GiB")]
    [InlineData(662.0 * 1024 * 1024, "662 MiB")]
    [InlineData(12, "12 B")]
    public void A_size_is_in_binary_units(double bytes, string text) => Assert.Equal(text, Display.Size(bytes));
}
