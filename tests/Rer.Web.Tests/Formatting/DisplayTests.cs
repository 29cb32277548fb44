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
    public void Steps_in_a_sentence_are_written_as_everywhere_and_other_numbers_stay() => Assert.Equal(
        "from −5.1 at step 2,500 to 0 at step 100, by 1500 tokens",
        Display.Prose("from -5.1 at step 2500 to 0 at step 100, by 1500 tokens"));

    [Fact]
    public void A_hyphen_inside_a_word_is_no_minus() =>
        Assert.Equal("open-ended fell by −0.5 (−1 to 0)", Display.Prose("open-ended fell by -0.5 (-1 to 0)"));

    [Theory]
    [InlineData(98.6 * 1024 * 1024 * 1024, "98.6 GiB")]
    [InlineData(662.0 * 1024 * 1024, "662 MiB")]
    [InlineData(12, "12 B")]
    public void A_size_is_in_binary_units(double bytes, string text) => Assert.Equal(text, Display.Size(bytes));

    [Theory]
    [InlineData(480, 860, "8 to 14 min")]
    [InlineData(480, 480, "8 min")]
    [InlineData(50, 120, "50 s to 2 min")]
    [InlineData(0.25, 0.5, "0.25 to 0.50 s")]
    [InlineData(294, 588, "5 to 10 min")]
    [InlineData(2646, 5292, "44 min to 1 h 28 min")]
    [InlineData(double.NaN, double.NaN, "–")]
    public void A_range_of_times_says_its_unit_once(double low, double high, string expected) =>
        Assert.Equal(expected, Display.Durations(low, high));

    [Theory]
    [InlineData(5, "just now")]
    [InlineData(200, "3 min ago")]
    [InlineData(7500, "2 h 05 min ago")]
    public void An_age_is_said_in_minutes(double seconds, string expected) =>
        Assert.Equal(expected, Display.Ago(TimeSpan.FromSeconds(seconds)));
}
