using System.Text.Json;
using Rer.Engine.Evaluation.Statistics;

namespace Rer.Engine.Tests.Evaluation;

public sealed class CorrelationTests
{
    [Theory]
    [InlineData("spearman")]
    [InlineData("pearson")]
    public void Coefficients_and_p_values_are_those_of_the_reference_library(string name)
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Fixtures.File("stats", "correlations.json")));
        var cases = file.RootElement.GetProperty("cases").EnumerateArray().ToArray();
        Assert.NotEmpty(cases);
        foreach (var test in cases)
        {
            var (x, y) = (Numbers(test.GetProperty("x")), Numbers(test.GetProperty("y")));
            var (statistic, pValue) = name == "spearman" ? Correlation.Spearman(x, y) : Correlation.Pearson(x, y);
            var expected = test.GetProperty(name);
            // Where the reference refuses (NaN among the values) there is no correlation either.
            var refused = expected.TryGetProperty("error", out _);
            Near(refused ? double.NaN : Number(expected.GetProperty("statistic")), statistic, test);
            Near(refused ? double.NaN : Number(expected.GetProperty("pvalue")), pValue, test);
        }
    }

    [Fact]
    public void Small_p_values_keep_their_digits()
    {
        // 2 (1 - F(t)) of Student's t with 48 degrees of freedom at r = .891878798296: SciPy gives 3.68e-18.
        Assert.Equal(3.679977513824081e-18, Correlation.PValue(0.8918787982964517, 48), 1e-26);
    }

    [Theory]
    [InlineData(new double[] { 1, 2, 3 }, 1.0 / 3)] // 2 of 6 orders
    [InlineData(new double[] { 1, 2, 3, 4 }, 1.0 / 12)] // 2 of 24
    [InlineData(new double[] { 1, 3, 2, 4 }, 1.0 / 3)] // 8 of 24 have |rho| >= .8
    [InlineData(new double[] { 1, 2, 3, 4, 5, 6, 7, 8, 9 }, 2.0 / 362880)]
    public void The_exact_p_value_is_the_share_of_orders_as_far_from_none(double[] series, double expected) =>
        Assert.Equal(expected, Correlation.SpearmanExactP([.. Enumerable.Range(1, series.Length).Select(i => (double)i)], series), 1e-12);

    [Fact]
    public void The_exact_p_value_counts_tied_orders_as_themselves()
    {
        // Ranks 1.5, 1.5, 3 against 1, 2, 3: of six orders the tied pair leaves three kinds; two of each, |rho| .87, 0, .87.
        Assert.Equal(2.0 / 3, Correlation.SpearmanExactP([1, 1, 2], [1, 2, 3]), 1e-12);
        Assert.True(double.IsNaN(Correlation.SpearmanExactP([1, 1, 1], [1, 2, 3])));
    }

    [Fact]
    public void The_t_approximation_is_near_the_exact_p_value_for_nine_points()
    {
        double[] x = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        double[] y = [2, 1, 4, 3, 7, 5, 6, 9, 8];
        Assert.Equal(Correlation.SpearmanExactP(x, y), Correlation.Spearman(x, y).PValue, 0.002);
    }

    [Theory]
    [InlineData(new double[] { 1, 2, 3, 4 }, new double[] { 1, 2, 3, 4 }, 1)]
    [InlineData(new double[] { 1, 2, 3, 4 }, new double[] { 4, 3, 2, 1 }, -1)]
    [InlineData(new double[] { 1, 2, 3, 4 }, new double[] { 1, 3, 2, 4 }, 4.0 / 6)]
    [InlineData(new double[] { 12, 2, 1, 12, 2 }, new double[] { 1, 4, 7, 1, 0 }, -0.47140452079103173)] // SciPy's manual
    [InlineData(new double[] { 1, 1, 1 }, new double[] { 1, 2, 3 }, double.NaN)]
    public void Kendalls_tau_allows_for_ties(double[] x, double[] y, double expected) =>
        Assert.Equal(expected, Correlation.KendallTau(x, y), 1e-12);

    [Fact]
    public void Series_of_different_lengths_are_refused() =>
        Assert.Throws<ArgumentException>(() => Correlation.Spearman([1, 2], [1, 2, 3]));

    private static void Near(double expected, double actual, JsonElement test)
    {
        var near = double.IsNaN(expected) ? double.IsNaN(actual) : Math.Abs(expected - actual) <= 1e-9;
        Assert.True(near, $"{test.GetProperty("name").GetString()}: {actual}, expected {expected}");
    }

    private static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(Number)];

    private static double Number(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number ? value.GetDouble() : value.GetString() switch
        {
            "nan" => double.NaN,
            "inf" => double.PositiveInfinity,
            var text => throw new FormatException($"'{text}' is no number."),
        };
}
