using Rer.Web.Components.Library;

namespace Rer.Web.Tests.Components;

public sealed class ModelCardTests
{
    [Fact]
    public async Task Headings_lists_paragraphs_and_code_words_are_told_apart()
    {
        var html = await Card("# Policy\n\nFirst line\nand second, `newline`.\n\n## Figures\n- one\n- two `x`\n");
        Assert.Equal(["<h4>Policy</h4>", "<h4>Figures</h4>"], Found(html, "<h4>[^<]*</h4>"));
        Assert.Contains("<p>First line\nand second, <code>newline</code>.</p>", html, StringComparison.Ordinal);
        Assert.Equal(["<li>one</li>", "<li>two <code>x</code></li>"], Found(html, "<li>.*?</li>"));
    }

    [Fact]
    public async Task A_table_is_a_table()
    {
        var html = await Card("Two samples:\n\n| queries | mean |\n|---|--:|\n| open `x` | 0.59 |\n| closed | -0.05 |\n\nAfter.");
        Assert.Equal(["<th>queries</th>", "<th style=\"text-align: right;\">mean</th>"], Found(html, "<th[ >].*?</th>"));
        Assert.Equal(
            ["<td>open <code>x</code></td>", "<td style=\"text-align: right;\">0.59</td>",
                "<td>closed</td>", "<td style=\"text-align: right;\">-0.05</td>"],
            Found(html, "<td.*?</td>"));
        Assert.Contains("<p>After.</p>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_card_says_to_the_hub_is_left_out()
    {
        var html = await Card("---\nlicense: mit\n---\n# Gold\n");
        Assert.DoesNotContain("license", html, StringComparison.Ordinal);
        Assert.Contains("<h4>Gold</h4>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Markup_in_a_card_is_text_and_a_single_mark_stays()
    {
        var html = await Card("#hash <b>bold</b> and `open");
        Assert.Contains("<p>#hash &lt;b&gt;bold&lt;/b&gt; and `open</p>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_in_a_card_runs_or_is_fetched()
    {
        var html = await Card(
            "![shot](https://example.org/a.png) [run](javascript:alert(1)) <javascript:alert(2)> [file](../config.json) "
            + "<script>alert(3)</script> [site](https://example.org/)");
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Equal(["href=\"https://example.org/a.png\"", "href=\"https://example.org/\""], Found(html, "href=\"[^\"]*\""));
        Assert.Contains(">shot</a> run javascript:alert(2) file ", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_nested_beyond_reason_stands_as_it_was_written()
    {
        var html = await Card(new string('>', 20_000) + " deep");
        Assert.Contains("deep", html, StringComparison.Ordinal);
    }

    private static Task<string> Card(string text) => Html.Of<ModelCard>(("Text", text));

    private static IEnumerable<string> Found(string html, string pattern) =>
        System.Text.RegularExpressions.Regex.Matches(html, pattern).Select(m => m.Value);
}
