using Rer.Engine.Data.Prompts;
using Rer.Engine.Rewards;
using Rer.Engine.Rewards.BuiltIn;

namespace Rer.Engine.Tests.Rewards;

public sealed class ReadingEaseTests
{
    // Counted by hand.
    [Theory]
    [InlineData("The cat sat on the mat.", 6, 1, 6)]
    [InlineData("The Australian platypus is seemingly a hybrid of a mammal and reptilian creature.", 13, 1, 24)]
    [InlineData("He walked home. She wanted boxes, and makes tables!", 9, 2, 12)]
    [InlineData("Don't stop", 2, 1, 2)]
    [InlineData("It costs 3.5 euros at www.example.org", 7, 1, 10)]
    [InlineData("Wait... what?! Yes.", 3, 3, 3)]
    [InlineData("L'\u00e9t\u00e9 \u00e0 Paris", 3, 1, 5)]
    [InlineData("L'e\u0301te\u0301 a\u0300 Paris", 3, 1, 5)]
    [InlineData("\u4f60\u597d\u3002 \u041f\u0440\u0438\u0432\u0435\u0442. 42", 0, 0, 0)]
    [InlineData("", 0, 0, 0)]
    public void It_counts_words_sentences_and_syllables(string text, int words, int sentences, int syllables) =>
        Assert.Equal((words, sentences, syllables), ReadingEase.Count(text));

    // 206.835 - 1.015 * 13 - 84.6 * 24 / 13 = 37.455...; the first text's 116.145 is cut to 1, the last one's -115 to 0.
    [Theory]
    [InlineData("The cat sat on the mat.", 1)]
    [InlineData("The Australian platypus is seemingly a hybrid of a mammal and reptilian creature.", 0.3745538461538461)]
    [InlineData("Internationalisation necessitates institutionalisation.", 0)]
    [InlineData("\u4f60\u597d", 0)]
    [InlineData("", 0)]
    public void It_is_the_score_of_Flesch_over_a_hundred_cut_to_0_and_1(string response, double expected)
    {
        var scorer =
            new RewardScorer(RewardDesign.Parse("LI*FRE"), relevance: null, PromptTemplate.Named("alpaca"), maxResponseTokens: 512);
        var breakdown = scorer.Score([new PromptItem(0, "Why?", null, null)], [response])[0];
        Assert.Equal(expected, breakdown.Features["FRE"], 1e-12);
        Assert.Equal(breakdown.Features["LI"] * expected, breakdown.Total, 1e-12);
    }

    [Fact]
    public void No_preset_has_it() => Assert.DoesNotContain(RewardDesign.Presets, preset => preset.Design.Uses("FRE"));
}
