using Rer.Engine.Tokenizers.Patterns;

namespace Rer.Engine.Tests.Tokenizers;

public class PatternTests
{
    [Theory]
    [InlineData(@"\p{L}+", "a𝒜𐐀b1", "a𝒜𐐀b")]                       // letters beyond U+FFFF are letters
    [InlineData(@".", "😀a", "😀|a")]                                 // a dot takes a whole code point
    [InlineData(@"^\w", "a\nb", "a|b")]                               // ^ and $ are about lines
    [InlineData(@"\w$", "a\nb", "a|b")]
    [InlineData(@"\A\w|\w\z", "ab\ncd", "a|d")]
    [InlineData(@"a.b", "a\nb axb", "axb")]
    [InlineData(@"(?m:a.b)", "a\nb", "a\nb")]                         // (?m) is about dots
    [InlineData(@"a++ab|b", "aaab", "b")]                             // possessive: the run gives nothing back
    [InlineData(@"a{2}+", "aaaaa", "aaaa")]                           // but an interval with + is repeated
    [InlineData(@"(?>a|ab)c|b", "abc", "b")]
    [InlineData(@"[a-z&&[^aeiou]]+", "hello", "h|ll")]                // classes intersect
    [InlineData(@"[^(\s|[.,])]+", "a b.c(d", "a|b|c|d")]              // and nest
    [InlineData(@"[[:digit:]]+", "12x3", "12|3")]
    [InlineData(@"\h+", "xyzBEEF", "BEEF")]                           // \h is a hexadecimal digit
    [InlineData(@"(?i:'s|'ll)", "IT'S we'Ll it'ſ", "'S|'Ll|'ſ")]
    [InlineData(@"(?i)ab(?-i)c", "ABc ABC", "ABc")]
    [InlineData(@"(?<=\d)x|(?<!\d)y", "1x x 1y y", "x|y")]
    [InlineData(@"\s+(?!\S)|\s+", "a  b ", " | | ")]
    [InlineData(@"(?:ab)*?c", "ababc", "ababc")]
    [InlineData(@"(a*)*b", "aab", "aab")]                             // an empty round ends a loop
    [InlineData(@"\x{1F600}|\u00e9", "é😀", "é|😀")]
    [InlineData(@"\p{Han}+|\p{^L}", "a漢字1", "漢字|1")]
    [InlineData(@"(?x) a \s b # spaces do not count", "a b", "a b")]
    public void Patterns_follow_the_reference_dialect(string pattern, string text, string matches)
    {
        Assert.Equal(matches.Split('|'), Matches(Pattern.Compile(pattern), text));
    }

    [Theory]
    [InlineData("(a", "a '(' without its ')'")]
    [InlineData("a)", "a ')' without its '('")]
    [InlineData("[a", "a '[' without its ']'")]
    [InlineData(@"\p{Klingon}", "the property 'Klingon', which is not known")]
    [InlineData(@"(a)\1", @"the escape '\1', which is not supported")]
    [InlineData("(?<=a+)b", "a look behind whose length varies")]
    [InlineData("[z-a]", "a range whose end comes before its start")]
    [InlineData("*a", "a quantifier with nothing before it")]
    public void A_pattern_that_is_broken_or_not_supported_says_where(string pattern, string expected)
    {
        Assert.Contains(expected, Assert.Throws<FormatException>(() => Pattern.Compile(pattern)).Message);
    }

    [Theory]
    [InlineData(Gpt2Pattern.Text)]
    [InlineData(Llama3Pattern.Text)]
    [InlineData(Llama3Pattern.SingleDigitText)]
    public void A_handwritten_pattern_equals_its_regular_expression(string text)
    {
        var (handwritten, compiled) = (KnownPatterns.Find(text)!, Pattern.Compile(text));
        var random = new Random(7);
        string[] pieces =
        [
            " ", "  ", "\n", "\r\n", "\t", "\u00A0", "\u2028", "'s", "'S", "'ſ", "'ll", "'LL", "'", "a", "Word", "é", "e\u0301", "1",
            "1234567", "½", "Ⅷ", "٣", "漢字", "😀", "𝒜", "𝟘", ".", "...", "!?", "_", "\0", "\u200B", "▁", "가",
        ];
        for (var round = 0; round < 2000; round++)
        {
            var sample = string.Concat(random.GetItems(pieces, random.Next(1, 14)));
            Assert.Equal(Matches(compiled, sample), Matches(handwritten, sample));
        }
    }

    [Fact]
    public void A_long_run_is_matched_without_deep_recursion()
    {
        var text = new string('a', 200_000);

        Assert.Equal([text], Matches(Pattern.Compile("(?:a|b)+"), text));
    }

    private static List<string> Matches(ITextPattern pattern, string text)
    {
        var matches = new List<string>();
        foreach (var (start, end) in new PatternMatches(pattern, text)) matches.Add(text[start..end]);
        return matches;
    }
}
