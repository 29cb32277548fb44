using Rer.Engine.Runs.Planning;
using Rer.Web.Charts;
using Rer.Web.Tests.Stores;

namespace Rer.Web.Tests.Charts;

public sealed class ChartTests
{
    private static readonly RunPlan Plan = SampleRun.Plan("LI*RP");
    private static readonly SampleRun Sample = new(Plan, 1);

    [Fact]
    public void Values_that_are_not_numbers_are_written_as_gaps()
    {
        var json = ChartJson.Write(new ChartSpec { Traces = [new ChartTrace { Key = "proxy", X = [0, 1], Y = [double.NaN, 0.5] }] });
        Assert.Contains("\"y\":[null,0.5]", json, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", json, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trace_of_more_points_than_are_sent_is_refused()
    {
        var many = new double[ChartSpec.MaximumPoints + 1];
        var error = Assert.Throws<ArgumentException>(
            () => ChartJson.Write(new ChartSpec { Traces = [new ChartTrace { Key = "ink", Name = "long", X = many, Y = many }] }));
        Assert.Contains("'long' has 2001 points", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_series_keeps_its_single_peak_when_it_is_thinned()
    {
        double[] steps = [.. Enumerable.Range(0, 100_000).Select(i => (double)i)];
        var values = new double[steps.Length];
        values[77_777] = 9;
        var (x, y) = Thinning.Extremes(steps, values, 400);
        Assert.InRange(x.Length, 200, 400);
        Assert.Equal(77_777, x[Array.IndexOf(y, 9)]);
    }

    [Fact]
    public void Normalised_series_lie_on_the_engines_scale()
    {
        var evaluations = new[] { 0, 500, 1000, 1500 }.Select(Sample.Evaluation).ToArray();
        var chart = RunCharts.ProxyAgainstGold(evaluations, Scale.ZScore, 1500, 6000, overOptimised: false);
        var expected = Rer.Engine.Evaluation.Statistics.Normalisation.ZScore([.. evaluations.Select(e => e.Gold.Mean)]);
        var drawn = chart.Traces.Single(t => t.Key == "gold").Y!;
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], drawn[i], 9);
    }

    [Fact]
    public void The_names_of_two_lines_that_have_one_point_yet_stand_apart()
    {
        var ends = RunCharts.ProxyAgainstGold([Sample.Evaluation(0)], Scale.ZScore, 10, 6000, overOptimised: false).Ends!;
        Assert.Equal(2, ends.Count);
        Assert.Equal(ends[0].Y, ends[1].Y);
        Assert.NotEqual(ends[0].Shift, ends[1].Shift);
    }

    [Fact]
    public void Raw_proxy_and_gold_never_share_a_scale()
    {
        var chart = RunCharts.ProxyAgainstGold([Sample.Evaluation(0), Sample.Evaluation(500)], Scale.Raw, 500, 6000, false);
        Assert.Equal("y2", chart.Traces.Single(t => t.Key == "gold").Axis);
        Assert.Null(chart.Traces.Single(t => t.Key == "proxy").Axis);
        Assert.NotNull(chart.Y2);
    }

    [Fact]
    public void Steps_not_trained_yet_are_shaded()
    {
        var chart = RunCharts.ProxyAgainstGold([Sample.Evaluation(0)], Scale.ZScore, 250, 6000, false);
        var span = chart.Marks!.Single(m => m.Kind == "span");
        Assert.Equal((250, 6000), (span.X, span.X1));
    }

    [Fact]
    public void The_fall_from_the_gold_peak_is_bracketed_where_the_run_is_over_optimised()
    {
        var evaluations = Enumerable.Range(0, 13).Select(i => Sample.Evaluation(500 * i)).ToArray();
        var peak = RunCharts.Peak(evaluations);
        var bracket = RunCharts.ProxyAgainstGold(evaluations, Scale.ZScore, 6000, 6000, true).Marks!.Single(m => m.Kind == "bracket");
        Assert.Equal(6000, bracket.X);
        Assert.Contains($"{evaluations[peak].Gold.Mean - evaluations[^1].Gold.Mean:0.00}", bracket.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5000, new double[] { 0, 1000, 2000, 3000, 4000, 5000 })]
    [InlineData(6, new double[] { 0, 1, 2, 3, 4, 5, 6 })]
    [InlineData(0, new double[] { 0 })]
    public void Ticks_are_round(int last, double[] ticks) => Assert.Equal(ticks, Ticks.Steps(last));

    [Fact]
    public void The_average_starts_at_the_first_value_and_passes_over_gaps()
    {
        var smooth = Smoothing.Exponential([4, double.NaN, 4, 0], 0.9);
        Assert.Equal(4, smooth[0], 12);
        Assert.True(double.IsNaN(smooth[1]));
        Assert.Equal(4, smooth[2], 12);
        Assert.InRange(smooth[3], 2, 4);
    }

    [Fact]
    public void Numbers_are_saved_in_full_precision_with_empty_fields_for_gaps()
    {
        var table = new NumbersTable([new NumbersColumn("Step", 0), new NumbersColumn("a, b")], [[0, 1 / 3.0], [1, double.NaN]]);
        Assert.Equal("Step,\"a, b\"\r\n0,0.3333333333333333\r\n1,\r\n", table.ToCsv());
    }

    [Fact]
    public void A_band_far_wider_than_the_means_is_cut_instead_of_pressing_them_flat()
    {
        double[] steps = [0, 1, 2], means = [-1, 0, 1], low = [-90, -80, -70], high = [70, 80, 90];
        var range = MeansRange.Of([new ChartTrace { Key = "gold", X = steps, Y = means, Low = low, High = high }])!;
        Assert.InRange(range[0], -2, -1);
        Assert.InRange(range[1], 1, 2);
    }

    [Fact]
    public void A_narrow_band_is_shown_whole_and_one_point_has_room()
    {
        var narrow = MeansRange.Of([new ChartTrace { Key = "gold", X = [0, 1], Y = [0, 1], Low = [-0.1, 0.9], High = [0.1, 1.1] }])!;
        Assert.True(narrow[0] < -0.1 && narrow[1] > 1.1);
        var one = MeansRange.Of([new ChartTrace { Key = "gold", X = [0], Y = [5] }])!;
        Assert.True(one[0] < 5 && one[1] > 5);
        Assert.Null(MeansRange.Of([new ChartTrace { Key = "gold", X = [0], Y = [double.NaN] }]));
    }
}
