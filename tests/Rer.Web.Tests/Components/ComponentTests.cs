using System.Text.RegularExpressions;
using Bunit;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation.Judges;
using Rer.Engine.Rewards;
using Rer.Engine.Rewards.BuiltIn;
using Rer.Engine.Rewards.Custom;
using Rer.Engine.Rewards.Relevance;
using Rer.Engine.Runs.Alerts;
using Rer.Web.Components.Design;
using Rer.Web.Components.Indicators;
using Rer.Web.Components.Run;
using Rer.Web.Plans;
using Rer.Web.Preview;

namespace Rer.Web.Tests.Components;

public sealed class ComponentTests
{
    [Fact]
    public async Task A_branching_design_has_a_row_a_query_type()
    {
        var html = await Html.Of<FeatureGrid>(("Design", RewardDesign.Parse("RER")));
        Assert.Matches("aria-label=\"LI for open-ended queries\"[^>]*checked", html);
        Assert.DoesNotMatch("aria-label=\"LI for closed-ended queries\"[^>]*checked", html);
        Assert.Matches("aria-label=\"RAR for closed-ended queries\"[^>]*checked", html);
    }

    [Fact]
    public async Task A_design_without_branching_has_one_row()
    {
        var html = await Html.Of<FeatureGrid>(("Design", RewardDesign.Parse("LI*RP")));
        Assert.Equal(RewardFeatures.Symbols.Count, Regex.Count(html, "for all queries"));
        Assert.DoesNotContain("open-ended queries", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_formula_stands_in_both_notations()
    {
        var html = await Html.Of<FormulaPanel>(("Design", RewardDesign.Parse("RER")), ("Ceiling", 3.5), ("MaxResponseTokens", 512));
        Assert.Contains("value=\"OE: LI*RP*QR; CE: RP*RAR\"", html, StringComparison.Ordinal);
        Assert.Contains("0..3.5 → 0..5.12", html, StringComparison.Ordinal);
        Assert.Contains("same design as preset RER", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_preview_shows_every_feature_and_the_factors_of_those_that_are_on()
    {
        var set = Preview("LI*RP", ("Describe it.", "one two three four", QueryType.OpenEnded, -1),
            ("Name it.", "one", QueryType.ClosedEnded, 2));
        var html = await Html.Of<PreviewTable>(("Design", RewardDesign.Parse("LI")), ("Set", set));
        Assert.Contains("4 words", html, StringComparison.Ordinal);
        // RP is off: its quantity stands, its factor does not.
        Assert.Contains("2 of 2", html, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(html, "<b data-proxy>0.0[14]</b>"));
        Assert.Contains("rank 1", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_item_that_a_design_cannot_score_has_no_proxy()
    {
        var set = Preview("LI", ("Name it.", "one", null, 0));
        var html = await Html.Of<PreviewTable>(("Design", RewardDesign.Parse("RER")), ("Set", set));
        Assert.Contains("<b data-proxy>–</b>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_row_that_differs_from_its_default_says_the_default()
    {
        var draft = new PlanDraft(Stores.SampleRun.Plan("LI"), new FeatureCatalog("no such folder"));
        var html = await Html.Of<PlanRow>(("Field", PlanField.Named("steps")), ("Draft", draft));
        Assert.Contains("default 10,000", html, StringComparison.Ordinal);
        Assert.Contains("value=\"6,000\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_stands_beside_its_field()
    {
        var draft = new PlanDraft(Stores.SampleRun.Plan("LI"), new FeatureCatalog("no such folder"));
        draft.Set(PlanField.Named("clip-range"), "1.4");
        var html = await Html.Of<PlanRow>(("Field", PlanField.Named("clip-range")), ("Draft", draft));
        Assert.Contains("aria-invalid=\"true\"", html, StringComparison.Ordinal);
        Assert.Contains("is outside (0, 1]", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Verdict.OverOptimised, "v-over")]
    [InlineData(Verdict.Monotonic, "v-mono")]
    [InlineData(Verdict.TooFewPoints, "v-few")]
    public async Task A_verdict_has_a_name_an_icon_and_a_state(Verdict verdict, string state)
    {
        var html = await Html.Of<VerdictChip>(("Verdict", verdict));
        Assert.Contains(state, html, StringComparison.Ordinal);
        Assert.Contains(verdict.Title(), html, StringComparison.Ordinal);
        Assert.Contains("<use href=\"#i-", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alerts_that_closed_say_when()
    {
        var alert = new RunAlert(RunAlertKind.KlAboveTarget, "KL above 1.5 × target", "Mean 9.1 nats.", 3412, 3960);
        var html = await Html.Of<AlertList>(("Alerts", new[] { alert }));
        Assert.Contains("Closed by itself at step 3,960", html, StringComparison.Ordinal);
        Assert.Contains("0 open", html, StringComparison.Ordinal);
    }

    private static PreviewSet Preview(string design, params (string Query, string Response, QueryType? Type, double Gold)[] rows)
    {
        PromptItem[] items = [.. rows.Select((r, i) => new PromptItem(i, r.Query, null, r.Type))];
        using var relevance = new PrecomputedRelevance();
        var scorer = new RewardScorer(RewardDesign.Parse(design), relevance, PromptTemplate.Named("alpaca"), 512);
        var scored = scorer.Read(items, [.. rows.Select(r => r.Response)]);
        return new PreviewSet(
            [.. rows.Select((r, i) => new PreviewItem(items[i], r.Response, r.Gold, scored[i], scorer.Score(scored[i])))], "made up",
            rows.Length, 3.5, [], null);
    }

    [Fact]
    public void A_toggle_turns_a_feature_on_for_its_query_type_alone()
    {
        using var context = new BunitContext();
        RewardDesign? changed = null;
        var grid = context.Render<FeatureGrid>(parameters => parameters
            .Add(p => p.Design, RewardDesign.Parse("OE: LI; CE: RP"))
            .Add(p => p.DesignChanged, design => changed = design));

        grid.Find("[aria-label='QR for open-ended queries']").Change(true);

        Assert.Equal(RewardDesign.Parse("OE: LI*QR; CE: RP"), changed);
    }
}
