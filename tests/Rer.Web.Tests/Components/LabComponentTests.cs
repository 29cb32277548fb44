using Rer.Engine.Data.Preferences;
using Rer.Engine.Evaluation.Judges;
using Rer.Web.Charts;
using Rer.Web.Components.Lab;
using Rer.Web.Lab;
using Rer.Web.Tests.Stores;

namespace Rer.Web.Tests.Components;

public sealed class LabComponentTests
{
    [Fact]
    public async Task Every_word_is_underlined_by_what_it_added_and_the_whole_response_is_summed_up()
    {
        var html = await Html.Of<PrefixPanel>(("Result", Result("Fine, then worse", [0, 1, 0.9, -0.5])), ("Design", "LI"));
        Assert.Contains("class=\"u3\" title=\"word 2: +1.00\">,</span>", html, StringComparison.Ordinal);
        Assert.Contains("class=\"d2\" title=\"word 4: −1.40\">worse</span>", html, StringComparison.Ordinal);
        Assert.Contains("gold <b>−0.50</b>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_response_without_words_says_so() =>
        Assert.Contains("No words", await Html.Of<PrefixPanel>(("Result", Result("", [])), ("Design", "LI")), StringComparison.Ordinal);

    [Fact]
    public void Gold_stands_above_and_features_with_the_proxy_below_on_one_axis_of_words()
    {
        var spec = LabCharts.Prefixes(Result("Fine, then worse", [0, 1, 0.9, -0.5]), "LI");
        Assert.Equal(["Gold, raw per position", "Gold, prefix re-scored", "LI", "Proxy, LI"], spec.Traces.Select(t => t.Name));
        Assert.Equal([null, null, "y2", "y2"], spec.Traces.Select(t => t.Axis));
        Assert.All(spec.Traces, t => Assert.Equal([1, 2, 3, 4], t.X));
        Assert.Equal(["Fine", ",", "then", "worse"], spec.X!.Text!);
        Assert.Contains(spec.Marks!, m => m.Text == "best prefix, word 2");
    }

    [Fact]
    public void Without_a_gold_model_the_features_have_the_chart_alone()
    {
        var spec = LabCharts.Prefixes(Result("one two", [double.NaN, double.NaN]), "LI");
        Assert.Equal(["LI", "Proxy, LI"], spec.Traces.Select(t => t.Name));
        Assert.Null(spec.Y2);
    }

    [Fact]
    public void A_feature_that_is_unknown_for_the_whole_text_has_no_name_at_its_end()
    {
        var result = Result("one two", [1, 2]) with { Proxy = [0.1, double.NaN] };
        Assert.DoesNotContain(LabCharts.Prefixes(result, "LI").Ends!, e => e.Text == "Proxy");
    }

    [Fact]
    public async Task Two_responses_say_which_of_them_gold_and_the_design_prefer()
    {
        var html = await Html.Of<PairPanel>(
            ("A", Result("one", [2])), ("B", Result("one two three", [0, 0, 1])), ("TextA", "one"), ("TextB", "one two three"),
            ("Query", "q"), ("Design", "LI"));
        Assert.Contains("A preferred by gold, B by LI", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bench_shows_gold_and_design_by_subset_and_its_worst_mistake_opens_side_by_side()
    {
        PreferencePair[] pairs = [new("p1", "good", "bad", "easy"), new("p2", "good", "bad", "hard"), new("p3", "good", "bad", "hard")];
        var set = new PreferenceSet("pairs.jsonl", pairs);
        var bench = new LabBench(RewardBench.From(set, [1, 1, 0], [0, 0, 2]), RewardBench.From(set, [1, 0, 0], [0, 1, 1]),
            [new LabMistake(pairs[2], 0, 2)], "", 1);
        var html = await Html.Of<BenchPanel>(("Bench", bench), ("Pairs", "pairs.jsonl"), ("Plan", SampleRun.Plan("LI")));
        Assert.Equal(["easy", "hard", "All"], bench.Rows.Select(r => r.Name));
        Assert.Contains("66.7 %", html, StringComparison.Ordinal);
        Assert.Contains("33.3 %", html, StringComparison.Ordinal);
        Assert.Contains("lab?mode=two&amp;", html, StringComparison.Ordinal);
        Assert.Contains("q=p3&amp;a=good&amp;b=bad", html, StringComparison.Ordinal);
        Assert.StartsWith("subset,pairs,gold,gold low,gold high,proxy,proxy low,proxy high,gold cut\r\n\"easy\",1,1,",
            BenchDrawing.Csv(bench), StringComparison.Ordinal);
        Assert.Contains(">LI, 95 %</text>", BenchDrawing.Svg(bench, "LI"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reward_of_a_part_is_marked_where_it_stands()
    {
        var whole = Result("one two", [1, 2]);
        Assert.DoesNotContain("data-cut", await Html.Of<PrefixPanel>(("Result", whole with { GoldCut = false }), ("Design", "LI")),
            StringComparison.Ordinal);
        Assert.Matches("gold <b>2.00</b>, <span[^>]*data-cut[^>]*>cut</span>",
            await Html.Of<PrefixPanel>(("Result", whole with { GoldCut = true }), ("Design", "LI")));
        var pair = await Html.Of<PairPanel>(("A", whole), ("B", whole with { GoldCut = true }), ("TextA", "one two"),
            ("TextB", "one two"), ("Query", "q"), ("Design", "LI"));
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(pair, "data-cut"));
    }

    [Fact]
    public async Task Pairs_that_gold_judged_by_a_part_are_counted_by_subset()
    {
        PreferencePair[] pairs = [new("p1", "good", "bad", "easy"), new("p2", "good", "bad", "hard"), new("p3", "good", "bad", "hard")];
        var set = new PreferenceSet("pairs.jsonl", pairs);
        var bench = new LabBench(RewardBench.From(set, [1, 1, 0], [0, 0, 2]), null, [], "", 1)
        {
            GoldCut = new Dictionary<string,
            int>
            { ["hard"] = 2 }
        };
        var html = await Html.Of<BenchPanel>(("Bench", bench), ("Pairs", "pairs.jsonl"), ("Plan", SampleRun.Plan("LI")));
        Assert.Contains("Gold read only a part of 2 pairs (hard 2): ", html, StringComparison.Ordinal);
        Assert.Equal(["gold cut", "0", "2", "2"], BenchDrawing.Csv(bench).Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(',')[^1]));
    }

    [Fact]
    public async Task A_bench_that_has_not_begun_runs_or_failed_says_which()
    {
        var plan = SampleRun.Plan("LI");
        Assert.Contains("No pairs scored yet", await Html.Of<BenchPanel>(("Plan", plan)), StringComparison.Ordinal);
        Assert.Contains("value=\"3\"", await Html.Of<BenchPanel>(("Plan", plan), ("Progress", (3, 10))), StringComparison.Ordinal);
        Assert.Contains("no such file", await Html.Of<BenchPanel>(("Plan", plan), ("Problem", "no such file")), StringComparison.Ordinal);
    }

    private static LabResult Result(string text, double[] gold)
    {
        var words = LabText.Words(text);
        double[] length = [.. words.Select((_, i) => (i + 1) / 100.0)];
        return new LabResult
        {
            Words = words,
            Gold = gold,
            GoldByPosition = gold,
            Proxy = length,
            Features = new Dictionary<string, double[]> { ["LI"] = length },
            Notes = [],
            Seconds = 0.1,
        };
    }
}
