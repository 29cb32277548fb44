using Rer.Engine.Data;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Rewards;
using Rer.Engine.Rewards.Custom;
using Rer.Web.Components.Design;
using Rer.Web.Components.Features;
using Rer.Web.Features;
using Rer.Web.Preview;

namespace Rer.Web.Tests.Components;

public sealed class FeatureComponentTests
{
    private static readonly FeatureDefinition Short = new()
    {
        Symbol = "SHORT",
        Name = "shortness",
        Kind = FeatureKind.Expression,
        Source = "min(words, 3) / 3",
        Examples = [new("one", 0.3333), new("one two", 1)],
    };

    [Fact]
    public async Task The_grid_has_a_column_for_every_own_feature_that_leads_to_its_editor_and_back()
    {
        var html = await Html.Of<FeatureGrid>(("Design", RewardDesign.Parse("LI*SHORT", [Short])), ("Own", new[] { Short }));
        Assert.Matches("aria-label=\"SHORT for all queries\" checked", html);
        Assert.Contains("href=\"features/SHORT?back=%3Fdesign%3DLI\"", html, StringComparison.Ordinal);
        Assert.Contains("LI · SHORT", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_formula_reads_custom_features()
    {
        var html = await Html.Of<FormulaPanel>(("Design", RewardDesign.Parse("LI*SHORT", [Short])), ("Own", new[] { Short }),
            ("Ceiling", 3.5), ("MaxResponseTokens", 512));
        Assert.Contains("parses", html, StringComparison.Ordinal);
        Assert.Contains("SHORT(<i>y</i>)", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_with_a_source_is_marked_where_it_stands()
    {
        var wrong = Short with { Source = "words / (1 +\n wrods)" };
        var html =
            await Html.Of<FeatureSource>(("Definition", wrong), ("Trial", await FeatureTrial.Run(wrong, [], CancellationToken.None)));
        Assert.Contains("Line 2, column 2: 'wrods' is not known", html, StringComparison.Ordinal);
        Assert.Contains("<pre class=\"excerpt\"> <mark>wrods</mark>)</pre>", html, StringComparison.Ordinal);
        Assert.Contains("aria-invalid=\"true\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_that_is_off_says_who_turns_it_on()
    {
        var code = Short with { Kind = FeatureKind.Code, Source = CodeFeatures.Template("SHORT") };
        var html = await Html.Of<FeatureSource>(("Definition", code), ("Trial", FeatureTrial.None));
        Assert.Contains("--allow-code", html, StringComparison.Ordinal);
        Assert.Contains("disabled", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_example_shows_what_it_must_score_and_what_it_does()
    {
        var trial = await FeatureTrial.Run(Short, [], CancellationToken.None);
        var html = await Html.Of<FeatureExamples>(("Definition", Short), ("Trial", trial));
        Assert.Contains("passes", html, StringComparison.Ordinal);
        Assert.Contains("fails", html, StringComparison.Ordinal);
        Assert.Contains("0.6667", html, StringComparison.Ordinal);
        Assert.DoesNotContain("RAR of example", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_example_gives_the_relevance_that_a_feature_looks_at()
    {
        var near = Short with { Source = "qr / 2", Examples = [new("one", 0.5, QueryRelevance: 1)] };
        var trial = await FeatureTrial.Run(near, [], CancellationToken.None);
        var html = await Html.Of<FeatureExamples>(("Definition", near), ("Trial", trial));
        Assert.Contains("aria-label=\"QR of example 1\" value=\"1\"", html, StringComparison.Ordinal);
        Assert.Contains("passes", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_item_for_which_a_feature_fails_says_why_and_the_others_have_their_values()
    {
        var feature = Short with { Source = "1 / (words - 1)" };
        ScoredItem[] items = [Item("one"), Item("one two three")];
        var trial = await FeatureTrial.Run(feature, items, CancellationToken.None);
        var scorer = new RewardScorer(RewardDesign.Of([]), null, PromptTemplate.Named("plain"), 10);
        var set =
            new PreviewSet([.. items.Select(i => new PreviewItem(i.Prompt, i.Response, 0, i, scorer.Score(i)))], "made up", 2, 1, [], null);
        var html = await Html.Of<FeaturePreview>(("Set", set), ("Trial", trial));
        Assert.Contains("a feature must be finite", html, StringComparison.Ordinal);
        Assert.Contains("<b data-value>0.500</b>", html, StringComparison.Ordinal);
        Assert.Contains("Keep item 2 as an example", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_draft_goes_through_the_address_whole_and_what_is_saved_leaves_it_empty()
    {
        Assert.Null(FeatureDraft.Write(Short, Short));
        var edited = Short with { Source = "words" };
        var read = FeatureDraft.Read(FeatureDraft.Write(edited, Short))!;
        Assert.Equal(edited, read);
        Assert.Equal(edited.Examples, read.Examples);
        Assert.Null(FeatureDraft.Read("{\"symbol\":"));
    }

    private static ScoredItem Item(string response) => new()
    {
        Prompt = new PromptItem(0, "q", null, null),
        Query = "q",
        Response = response,
        Words = WordPunct.Tokenize(response),
    };
}
