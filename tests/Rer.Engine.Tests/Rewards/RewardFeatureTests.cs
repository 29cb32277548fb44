using Rer.Engine.Data.Prompts;
using Rer.Engine.Rewards;
using Rer.Engine.Rewards.BuiltIn;
using Rer.Engine.Rewards.Custom;
using Rer.Engine.Rewards.Relevance;

namespace Rer.Engine.Tests.Rewards;

/// <summary>What every built-in feature says of itself.</summary>
public sealed class RewardFeatureTests
{
    public static TheoryData<string> Symbols => [.. RewardFeatures.Symbols];

    [Theory]
    [MemberData(nameof(Symbols))]
    public void A_feature_says_what_pages_and_messages_show(string symbol)
    {
        var feature = RewardFeatures.Find(symbol)!;
        Assert.Matches("^[A-Z][A-Z0-9_]{0,15}$", symbol);
        Assert.All([feature.Name, feature.Formula, feature.ShortName, feature.ShortFormula, feature.Definition],
            text => Assert.NotEqual("", text));
        Assert.InRange(feature.ShortName.Length, 1, 16);
        Assert.InRange(feature.ShortFormula.Length, 1, 18);
        Assert.NotEqual("", feature.Explain(0.5, 10));
        Assert.Contains("built-in", FeatureDefinition.WhyNot(symbol));
    }

    [Theory]
    [InlineData("")]
    [InlineData("one")]
    [InlineData("A short sentence. Another one, which is a little longer than the first!")]
    [InlineData("no no no no no no no no no no no no")]
    [InlineData("\u4f60\u597d\uff0c\u4e16\u754c\u3002 \ud83d\ude00 x\u0301")]
    public void Every_value_lies_within_the_bounds_of_its_feature(string response)
    {
        var scorer = new RewardScorer(RewardDesign.Of([]), new LexicalRelevance(), PromptTemplate.Named("alpaca"), maxResponseTokens: 512);
        var breakdown = scorer.Score([new PromptItem(0, "Why is it so?", "It is so.", QueryType.ClosedEnded)], [response])[0];
        foreach (var (symbol, value) in breakdown.Features)
        {
            var bounds = RewardFeatures.Find(symbol)!.Bounds;
            Assert.InRange(value, bounds.Low, bounds.High);
        }
    }

    [Fact]
    public void A_symbol_of_the_users_own_keeps_its_meaning_where_a_version_makes_it_built_in()
    {
        var own = new FeatureDefinition { Symbol = RewardFeatures.Symbols[^1], Kind = FeatureKind.Expression, Source = "words * 2" };
        var design = RewardDesign.Parse($"LI*{own.Symbol}", [own]);
        var scorer = new RewardScorer(design, relevance: null, PromptTemplate.Named("alpaca"), maxResponseTokens: 512);
        Assert.Equal(8, scorer.Score([new PromptItem(0, "Why?", null, null)], ["one two three four"])[0].Factors[own.Symbol]);
    }

    [Fact]
    public void Bounds_are_written_as_mathematics_does()
    {
        Assert.Equal("[0, 1]", new FeatureBounds(0, 1).ToString());
        Assert.Equal("[0, ∞)", new FeatureBounds(0, double.PositiveInfinity).ToString());
        Assert.Equal("(-∞, ∞)", FeatureBounds.None.ToString());
    }
}
