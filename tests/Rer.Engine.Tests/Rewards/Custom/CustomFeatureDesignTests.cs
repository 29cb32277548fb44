using System.Text.Json;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Rewards;
using Rer.Engine.Rewards.Custom;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Planning;

namespace Rer.Engine.Tests.Rewards.Custom;

public sealed class CustomFeatureDesignTests
{
    private static readonly FeatureDefinition Short = Features.Expression("min(words, 3) / 3", "SHORT");
    private static readonly FeatureDefinition Calm = Features.Pattern("!", PatternMeasure.Absent) with { Symbol = "CALM" };
    private static readonly PromptItem[] Prompts =
        [new(0, "Say it.", null, QueryType.OpenEnded), new(1, "Say it.", null, QueryType.ClosedEnded)];

    [Fact]
    public void Custom_features_stand_after_the_built_in_ones_and_parse_back()
    {
        var design = RewardDesign.Parse("short * li * calm", [Short, Calm]);
        Assert.Equal("LI*CALM*SHORT", design.Text);
        Assert.Equal(design, RewardDesign.Parse(design.Text, design.CustomFeatures));
        Assert.Equal("OE: LI*SHORT; CE: CALM", RewardDesign.Parse("CE: CALM; OE: SHORT*LI", [Short, Calm]).Text);
    }

    [Fact]
    public void A_design_carries_the_definitions_it_uses_and_no_others() =>
        Assert.Equal([Short], RewardDesign.Parse("LI*SHORT", [Short, Calm]).CustomFeatures);

    [Fact]
    public void The_hash_tells_two_meanings_of_one_symbol_apart_and_leaves_built_in_designs_alone()
    {
        var other = Short with { Source = "min(words, 4) / 4" };
        Assert.NotEqual(RewardDesign.Parse("LI*SHORT", [Short]).Hash, RewardDesign.Parse("LI*SHORT", [other]).Hash);
        Assert.NotEqual(RewardDesign.Parse("LI*SHORT", [Short]), RewardDesign.Parse("LI*SHORT", [other]));
        Assert.Equal(RewardDesign.Parse("LI*SHORT", [Short]).Hash, RewardDesign.Parse("LI*SHORT", [Short with { Name = "renamed" }]).Hash);
        Assert.Equal(RewardDesign.Parse("LI*RP").Hash, RewardDesign.Parse("LI*RP", [Short]).Hash);
    }

    [Fact]
    public void A_plan_carries_its_features_through_json_and_keeps_its_hash()
    {
        var plan = new RunPlan
        {
            Design = RewardDesign.Parse("LI*SHORT", [Short with { Examples = [new("a b c", 1)] }]),
            Policy = "p",
            Data = "d",
        };
        var read = JsonSerializer.Deserialize<RunPlan>(JsonSerializer.Serialize(plan, RunJson.Compact), RunJson.Compact)!;
        Assert.Equal(plan.Design, read.Design);
        Assert.Equal(plan.Hash, read.Hash);
        Assert.Equal("min(words, 3) / 3", Assert.Single(read.Design.CustomFeatures).Source);
        Assert.Equal("\"LI*RP\"", JsonSerializer.Serialize(RewardDesign.Parse("LI*RP"), RunJson.Compact));
    }

    [Fact]
    public void A_plan_with_a_source_that_cannot_be_read_says_where()
    {
        const string json = """{"text":"LI*SHORT","features":[{"symbol":"SHORT","kind":"Expression","source":"wrods / 3"}]}""";
        var error = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<RewardDesign>(json, RunJson.Compact));
        Assert.Contains("SHORT: line 1, column 1: 'wrods' is not known", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_own_feature_is_toggled_and_survives_branching_and_joining()
    {
        var design = RewardDesign.Parse("LI").With(null, "SHORT", true, [Short]).WithBranching(true);
        Assert.Equal("OE: LI*SHORT; CE: LI*SHORT", design.Text);
        design = design.With(QueryType.ClosedEnded, "SHORT", false);
        Assert.Equal("OE: LI*SHORT; CE: LI", design.Text);
        Assert.Equal([Short], design.CustomFeatures);
        Assert.Equal("LI*SHORT", design.WithBranching(false).Text);
        Assert.Throws<ArgumentException>(() => design.With(null, "CALM", true, [Short]));
    }

    [Fact]
    public void The_breakdown_has_custom_features_and_recombines_them()
    {
        var design = RewardDesign.Parse("OE: LI*SHORT; CE: CALM", [Short, Calm]);
        var scores = new RewardScorer(design, null, PromptTemplate.Named("plain"), 10).Score(Prompts, ["one two", "no!"]);
        Assert.Equal(0.02 * 2 / 3, scores[0].Total, 12);
        Assert.Equal(2 / 3.0, scores[0].Factors["SHORT"], 12);
        Assert.Equal((0, 0), (scores[1].Total, scores[1].Factors["CALM"]));
        Assert.Equal(0.02, scores[0].Under(RewardDesign.Parse("LI")).Total, 12);
    }

    [Fact]
    public void A_feature_that_is_not_finite_stops_the_run_with_its_name_and_the_items_text()
    {
        var design = RewardDesign.Parse("SHORT", [Short with { Source = "1 / (words - 2)" }]);
        var error = Assert.Throws<InvalidDataException>(
            () => new RewardScorer(design, null, PromptTemplate.Named("plain"), 10).Score([Prompts[0]], ["one two"]));
        Assert.Contains("SHORT", error.Message, StringComparison.Ordinal);
        Assert.Contains("one two", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_feature_measured_beside_the_design_may_fail_without_harm()
    {
        var scorer = new RewardScorer(
            RewardDesign.Parse("LI"), null, PromptTemplate.Named("plain"), 10,
            [Short, Calm with { Source = "(" }, Features.Expression("1 / 0", "BAD")]);
        var breakdown = scorer.Score([Prompts[0]], ["one two"])[0];
        Assert.Contains("SHORT", breakdown.Features.Keys);
        Assert.All(["BAD", "CALM", "QR", "RAR"], symbol => Assert.DoesNotContain(symbol, breakdown.Features.Keys));
        Assert.Equal(0.02 * 2 / 3, breakdown.Under(RewardDesign.Parse("LI*SHORT", [Short])).Total, 12);
    }

    [Fact]
    public void What_an_own_feature_needs_is_asked_for_before_training()
    {
        var near = Features.Expression("rar / 2", "NEAR");
        var design = RewardDesign.Parse("LI*NEAR", [near]);
        Assert.True(design.UsesRelevance);
        Assert.Contains("(NEAR)", Assert.Single(design.Check(new PromptSet("set.json", [Prompts[0]]))), StringComparison.Ordinal);
        var plan = new RunPlan { Design = design with { }, Policy = "p", Data = "d", Relevance = "precomputed" };
        Assert.Contains(plan.ValidateOptions(), e => e.Option == "relevance");
    }
}
