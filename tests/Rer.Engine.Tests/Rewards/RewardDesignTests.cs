using System.Text.Json;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Rewards;

namespace Rer.Engine.Tests.Rewards;

public sealed class RewardDesignTests
{
    [Theory]
    [InlineData("LI", "LI")]
    [InlineData("rp * li", "LI*RP")]
    [InlineData("RER", "OE: LI*RP*QR; CE: RP*RAR")]
    [InlineData("rer", "OE: LI*RP*QR; CE: RP*RAR")]
    [InlineData("CE:RAR*RP;OE:QR*LI*RP", "OE: LI*RP*QR; CE: RP*RAR")]
    [InlineData("OE: LI; CE: 1", "OE: LI; CE: 1")]
    [InlineData("1", "1")]
    [InlineData("OE: LI; CE: RAR(0..2.50)*RP", "OE: LI; CE: RP*RAR(0..2.5)")]
    public void A_text_parses_to_its_canonical_form_and_back(string text, string canonical)
    {
        var design = RewardDesign.Parse(text);
        Assert.Equal(canonical, design.Text);
        Assert.Equal(design, RewardDesign.Parse(design.Text));
        Assert.Equal(design.Hash, RewardDesign.Parse(design.Text).Hash);
    }

    [Theory]
    [InlineData("", "design '' is empty.")]
    [InlineData("LI*XX", "feature 'XX' is not known. Known features: LI, RP, QR, RAR, FRE.")]
    [InlineData("OE: LI; CE: YY*XX",
        "feature 'YY' is not known. Known features: LI, RP, QR, RAR, FRE. design 'OE: LI; CE: YY*XX': feature 'XX' is not known.")]
    [InlineData("LI**RP", "a product with a factor missing")]
    [InlineData("LI*LI", "has LI twice")]
    [InlineData("OE: LI", "has no row 'CE:'")]
    [InlineData("OE: LI; OE: RP", "has two rows 'OE'")]
    [InlineData("AE: LI; CE: RP", "has a row 'AE: LI'. Rows begin with 'OE:' or 'CE:'.")]
    [InlineData("LI(0..2)", "gives LI a range")]
    [InlineData("RAR(1..2)", "has the range '(1..2)'")]
    [InlineData("RAR(0..0)", "has the range '(0..0)'")]
    [InlineData("OE: RAR(0..1); CE: RAR(0..2)", "gives RAR two ranges")]
    public void A_bad_text_says_what_is_wrong_and_what_is_allowed(string text, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => RewardDesign.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(4_000)]
    [InlineData(20_000)]
    public void A_text_that_says_one_thing_a_thousand_times_is_answered_shortly(int times)
    {
        var message = Assert.Throws<FormatException>(() => RewardDesign.Parse(string.Join('*', Enumerable.Repeat("LI", times)))).Message;
        Assert.StartsWith("design 'LI*LI*LI*", message);
        Assert.Contains($"character 4001, has {3 * times - 1} characters; at most 4000 are allowed.", message);
        Assert.True(message.Length < 1000, message);
    }

    [Fact]
    public void What_is_wrong_in_a_long_text_has_its_place_and_after_five_errors_no_more_is_said()
    {
        var message = Assert.Throws<FormatException>(() => RewardDesign.Parse(string.Join('*', Enumerable.Repeat("LI", 1_000)))).Message;
        Assert.Contains("...', character 4, has LI twice in one product.", message);
        Assert.Contains("...', character 16, has LI twice in one product.", message);
        Assert.DoesNotContain("character 19", message);
        Assert.EndsWith("More is wrong behind it.", message);
        Assert.Contains(
            "character 8, has a product with a factor missing",
            Assert.Throws<FormatException>(() => RewardDesign.Parse("OE: LI*" + new string('*', 200))).Message);
        Assert.True(Assert.Throws<FormatException>(() => RewardDesign.Parse(new string('(', 3_900))).Message.Length < 1000);
    }

    [Fact]
    public void The_hash_is_of_the_text_and_stable()
    {
        Assert.Equal("46646e9d", RewardDesign.Parse("LI").Hash);
        Assert.Equal("e91ed508", RewardDesign.Parse("RER").Hash);
        Assert.Equal(RewardDesign.Presets.Count, RewardDesign.Presets.Select(preset => preset.Design.Hash).Distinct().Count());
    }

    [Fact]
    public void A_design_serialises_as_its_text()
    {
        var design = RewardDesign.Parse("RER");
        var json = JsonSerializer.Serialize(design);
        Assert.Equal("\"OE: LI*RP*QR; CE: RP*RAR\"", json);
        Assert.Equal(design, JsonSerializer.Deserialize<RewardDesign>(json));
        Assert.Contains("'ZZ' is not known", Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<RewardDesign>("\"ZZ\"")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Toggles_change_one_row_or_the_one_that_both_share()
    {
        var joined = RewardDesign.Parse("LI");
        Assert.Equal("LI*RP", joined.With(QueryType.ClosedEnded, "RP", true).Text);

        var split = RewardDesign.Parse("RER");
        Assert.Equal("OE: LI*RP*QR; CE: RAR", split.With(QueryType.ClosedEnded, "RP", false).Text);
        Assert.Equal("OE: LI*QR; CE: RAR", split.With(null, "RP", false).Text);
        Assert.Equal(split, split.With(QueryType.OpenEnded, "LI", true));
        Assert.Throws<ArgumentException>(() => split.With(null, "XX", true));
    }

    [Fact]
    public void Splitting_the_rows_makes_the_papers_design_and_joining_undoes_it()
    {
        var joined = RewardDesign.Parse("LI*RP*QR");
        Assert.Equal("RER", joined.WithBranching(true).Title);
        Assert.Equal(joined, joined.WithBranching(true).WithBranching(false));
        Assert.Equal("OE: LI*RP; CE: LI*RP", RewardDesign.Parse("LI*RP").WithBranching(true).Text);
    }

    [Fact]
    public void What_a_branching_design_misses_in_a_set_is_named_item_by_item()
    {
        var prompts = new PromptSet("data/train.json",
        [
            new(0, "a", "b", QueryType.ClosedEnded) { Line = 2 },
            new(1, "a", "b", null) { Line = 3 },
            new(2, "a", null, QueryType.OpenEnded) { Line = 4 },
            new(3, "a", null, QueryType.ClosedEnded) { Line = 5 },
        ]);
        Assert.Empty(RewardDesign.Parse("LI*RP*QR").Check(prompts));
        Assert.Equal(
        [
            "data/train.json, line 3, item 1: no query type. The design 'OE: LI*RP*QR; CE: RP*RAR' branches: every item needs `qtype` "
                + "OPENENDED or CONSTRAINED.",
            "data/train.json, line 5, item 3: no reference. The design 'OE: LI*RP*QR; CE: RP*RAR' compares the response with one (RAR): "
                + "the item needs `output`.",
        ], RewardDesign.Parse("RER").Check(prompts));
    }
}
