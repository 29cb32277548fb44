using Rer.Web.Components.Library;

namespace Rer.Web.Tests.Components;

public sealed class ModelCardTests
{
    [Fact]
    public async Task Headings_lists_paragraphs_and_code_words_are_told_apart()
    {
        var html = await Card("# Policy\n\nFirst line\nand second, `newline`.\n\n## Figures\n- one\n- two `x`\n");
        Assert.Equal(["<h4>Policy</h4>", "<h4>Figures</h4>"], Found(html, "<h4>[^<]*</h4>"));
        Assert.Contains("<p>First line&#xA;and second, <code>newline</code>.</p>", html, StringComparison.Ordinal);
        Assert.Equal(["<p class=\"item\">one</p>", "<p class=\"item\">two <code>x</code></p>"], Found(html, "<p class=\"item\">.*?</p>"));
    }

    [Fact]
    public async Task A_table_is_a_table()
    {
        var html = await Card("Two samples:\n\n| queries | mean |\n|---|--:|\n| open `x` | 0.59 |\n| closed | -0.05 |\n\nAfter.");
        Assert.Equal(["<th scope=\"col\">queries</th>", "<th scope=\"col\">mean</th>"], Found(html, "<th .*?</th>"));
        Assert.Equal(["<td>open <code>x</code></td>", "<td>0.59</td>", "<td>closed</td>", "<td>-0.05</td>"], Found(html, "<td>.*?</td>"));
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

    private static Task<string> Card(string text) => Html.Of<ModelCard>(("Text", text));

    private static IEnumerable<string> Found(string html, string pattern) =>
        System.Text.RegularExpressions.Regex.Matches(html, pattern).Select(m => m.Value);
}
