using Rer.Engine.Data.Prompts;
using Rer.Engine.Rewards;
using Rer.Engine.Rewards.BuiltIn;
using Rer.Engine.Rewards.Relevance;

namespace Rer.Engine.Tests.Rewards;

public sealed class RewardScorerTests
{
    private static readonly PromptTemplate Alpaca = PromptTemplate.Named("alpaca");
    private static readonly PromptItem Closed = new(4, "What is 2 + 2?", "4", QueryType.ClosedEnded) { Relevance = 1.75 };

    [Fact]
    public void A_response_cut_by_a_stop_string_counts_only_the_words_before_it()
    {
        var scorer = new RewardScorer(RewardDesign.Parse("LI"), null, Alpaca, 512);
        Assert.Equal(0.03, scorer.Score([Closed], ["It is 4 ### Instruction: and more"])[0].Total);
    }

    [Fact]
    public void A_breakdown_tells_every_feature_and_the_factors_used()
    {
        var breakdown = Scorer("RER").Score([Closed], ["It is 4"])[0];
        Assert.Equal(RewardFeatures.Symbols, breakdown.Features.Keys);
        Assert.Equal(["RP", "RAR"], breakdown.Factors.Keys);
        Assert.Equal(1.75, breakdown.Features["RAR"]);
        Assert.Equal(2.56, breakdown.Factors["RAR"], 1e-12);
        Assert.Equal(2.56, breakdown.Total, 1e-12);
    }

    [Fact]
    public void Other_designs_recombine_the_same_features()
    {
        var breakdown = Scorer("RER").Score([Closed], ["a b a b a b a b"])[0];
        Assert.Equal(0.08, breakdown.Under(RewardDesign.Parse("LI")).Total, 1e-12);
        Assert.Equal(0.08 * 2 / 6 * 1.75, breakdown.Under(RewardDesign.Parse("LI*RP*QR")).Total, 1e-12);
        Assert.Equal(1, breakdown.Under(RewardDesign.Parse("1")).Total);
        Assert.Equal(5.12, breakdown.Under(RewardDesign.Parse("RAR(0..1.75)")).Total, 1e-12);
        Assert.Equal(breakdown.Total, breakdown.Under(RewardDesign.Parse("LI")).Under(breakdown.Design).Total);
    }

    [Fact]
    public void Features_that_were_kept_recombine_as_those_just_measured()
    {
        var measured = Scorer("RER").Score([Closed], ["a b a b a b a b"])[0];
        var scale = new RewardScale(512, RelevanceModels.CeilingOf("precomputed"));
        foreach (var preset in RewardDesign.Presets)
            Assert.Equal(measured.Under(preset.Design).Total,
                RewardBreakdown.Of(preset.Design, 4, QueryType.ClosedEnded, measured.Features, scale).Total);

        var error = Assert.Throws<InvalidOperationException>(() =>
            RewardBreakdown.Of(RewardDesign.Parse("RAR"), 4, QueryType.ClosedEnded, new Dictionary<string, double> { ["LI"] = 1 }, scale));
        Assert.Contains("RAR is not known", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_response_still_has_its_relevance_on_closed_ended_items()
    {
        Assert.Equal(2.56, Scorer("RER").Score([Closed], [""])[0].Total, 1e-12);
        Assert.Equal(0, Scorer("RER").Score([Closed with { QueryType = QueryType.OpenEnded }], [""])[0].Total);
    }

    [Fact]
    public void What_a_design_needs_and_an_item_lacks_is_named()
    {
        var missingType = Assert.Throws<InvalidOperationException>(() => Scorer("RER").Score([Closed with { QueryType = null }], ["4"]));
        Assert.Contains("item 4: no query type.", missingType.Message, StringComparison.Ordinal);

        var lexical = new RewardScorer(RewardDesign.Parse("RER"), new LexicalRelevance(), Alpaca, 512);
        var missingReference = Assert.Throws<InvalidOperationException>(() => lexical.Score([Closed with { Reference = null }], ["4"]));
        Assert.Contains("item 4: RAR is not known", missingReference.Message, StringComparison.Ordinal);
        Assert.Contains("a reference (`output`)", missingReference.Message, StringComparison.Ordinal);

        var breakdown = new RewardScorer(RewardDesign.Parse("LI"), null, Alpaca, 512).Score([Closed], ["4"])[0];
        Assert.True(breakdown.Allows(RewardDesign.Parse("LI*RP")));
        Assert.False(breakdown.Allows(RewardDesign.Parse("QR")));
        Assert.Throws<InvalidOperationException>(() => breakdown.Under(RewardDesign.Parse("QR")));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void A_feature_that_is_not_finite_stops_with_its_name_and_the_items_text(double value)
    {
        var scorer = new RewardScorer(RewardDesign.Parse("LI"), new BrokenRelevance(value), Alpaca, 512);
        var error = Assert.Throws<InvalidDataException>(() => scorer.Score([Closed], ["It is four."]));
        Assert.Equal(
            $"item 4: QR (query relevance) is {value}. A feature must be finite. Query: 'What is 2 + 2?'. Response: 'It is four.'.",
            error.Message);
    }

    [Fact]
    public void A_design_with_relevance_needs_a_model_of_it() =>
        Assert.Throws<ArgumentException>(() => new RewardScorer(RewardDesign.Parse("QR"), null, Alpaca, 512));

    private static RewardScorer Scorer(string design) => new(RewardDesign.Parse(design), new PrecomputedRelevance(), Alpaca, 512);

    private sealed class BrokenRelevance(double value) : IRelevanceModel
    {
        public string Name => "broken";

        public double Ceiling => 1;

        public RelevanceScore[] Measure(IReadOnlyList<ScoredItem> items) => [.. items.Select(_ => new RelevanceScore(value, null))];

        public void Dispose()
        {
        }
    }
}
