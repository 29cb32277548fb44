using Rer.Engine.Data.Prompts;
using Rer.Engine.Rewards;
using Rer.Engine.Rewards.Custom;

namespace Rer.Engine.Tests.Rewards.Custom;

public sealed class CodeFeatureTests : IDisposable
{
    public CodeFeatureTests() => AppContext.SetSwitch(CodeFeatures.Switch, true);

    public void Dispose() => AppContext.SetSwitch(CodeFeatures.Switch, false);

    [Fact]
    public void Code_does_not_run_unless_it_is_turned_on()
    {
        AppContext.SetSwitch(CodeFeatures.Switch, false);
        var error = Assert.Throws<InvalidOperationException>(() => CustomFeatures.Compile(Features.Code(CodeFeatures.Template("OWN"))));
        Assert.Contains("--allow-code", error.Message, StringComparison.Ordinal);
        // The design itself can be read: whoever opens a run of another machine sees what it was.
        Assert.Equal("LI*OWN", RewardDesign.Parse("LI*OWN", [Features.Code(CodeFeatures.Template("OWN"))]).Text);
    }

    [Fact]
    public void The_class_to_begin_with_compiles_and_scores() =>
        Assert.Equal(0.25, Features.Value(Features.Code(CodeFeatures.Template("OWN")), "an immense red house"), 12);

    [Fact]
    public void A_factor_of_the_class_own_is_what_enters_the_product()
    {
        var definition = Features.Code("""
            public sealed class Capped : IRewardFeature
            {
                public string Symbol => "OWN";
                public string Name => "capped";
                public string Formula => "words, at most 3";
                public double Evaluate(ScoredItem item) => item.Words.Count;
                public double Factor(double value, RewardScale scale) => Math.Min(value, 3);
            }
            """);
        var scorer = new RewardScorer(RewardDesign.Parse("OWN", [definition]), null, PromptTemplate.Named("plain"), 10);
        var breakdown = Assert.Single(scorer.Score([new PromptItem(0, "q", null, null)], ["a b c d e"]));
        Assert.Equal((5, 3, 3), (breakdown.Features["OWN"], breakdown.Factors["OWN"], breakdown.Total));
    }

    [Fact]
    public void Every_error_of_the_compiler_has_its_place_in_the_text()
    {
        var error = Assert.Throws<FeatureSourceException>(() => CustomFeatures.Compile(Features.Code("""
            public sealed class Bad : IRewardFeature
            {
                public string Symbol => "OWN";
                public string Name => 7;
                public string Formula => "";
                public double Evaluate(ScoredItem item) => item.Wrods.Count;
            }
            """)));
        Assert.Equal([(4, 27), (6, 53)], error.Errors.Select(e => (e.Line, e.Column)).Order());
        Assert.Contains(error.Errors, e => e.Message.Contains("Wrods", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("public class Nothing { }", "0 classes implement IRewardFeature")]
    [InlineData("""
        public class Other : IRewardFeature
        {
            public string Symbol => "OTHER"; public string Name => ""; public string Formula => ""; public double Evaluate(ScoredItem item) => 1;
        }
        """, "must be 'OWN'")]
    public void A_source_that_is_no_feature_of_its_symbol_is_refused(string source, string message) =>
        Assert.Contains(message, Features.Error(Features.Code(source)).Message, StringComparison.Ordinal);

    [Fact]
    public void What_the_class_throws_is_said_of_the_example_and_stops_a_run_with_the_items_text()
    {
        var definition = Features.Code("""
            public class Throws : IRewardFeature
            {
                public string Symbol => "OWN"; public string Name => ""; public string Formula => "";
                public double Evaluate(ScoredItem item) => throw new InvalidOperationException("no such luck");
            }
            """) with { Examples = [new FeatureExample("a", 1)] };
        var result = Assert.Single(CustomFeatures.Test(definition));
        Assert.Equal((false, "no such luck"), (result.Passes, result.Problem));
        var scorer = new RewardScorer(RewardDesign.Parse("OWN", [definition]), null, PromptTemplate.Named("plain"), 10);
        var error = Assert.Throws<InvalidDataException>(() => scorer.Score([new PromptItem(0, "q", null, null)], ["its text"]));
        Assert.Contains("OWN", error.Message, StringComparison.Ordinal);
        Assert.Contains("failed: no such luck", error.Message, StringComparison.Ordinal);
        Assert.Contains("its text", error.Message, StringComparison.Ordinal);
    }
}
