using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Tests.Tokenizers;

public class UnicodeFormTests
{
    [Theory]
    [InlineData("e\u0301", "\u00E9", "e\u0301", "\u00E9", "e\u0301")]
    [InlineData("\u212B", "\u00C5", "A\u030A", "\u00C5", "A\u030A")]                            // a singleton composes to another
    [InlineData("\uFB01", "\uFB01", "\uFB01", "fi", "fi")]
    [InlineData("a\u0315\u0300\u0323", "\u1EA1\u0300\u0315", "a\u0323\u0300\u0315", "\u1EA1\u0300\u0315", "a\u0323\u0300\u0315")]
    [InlineData("\u1100\u1161\u11A8", "\uAC01", "\u1100\u1161\u11A8", "\uAC01", "\u1100\u1161\u11A8")]
    [InlineData("\u0915\u093C", "\u0915\u093C", "\u0915\u093C", "\u0915\u093C", "\u0915\u093C")]  // excluded from composition
    [InlineData("\u0958", "\u0915\u093C", "\u0915\u093C", "\u0915\u093C", "\u0915\u093C")]
    [InlineData("\U0001D15E", "\U0001D157\U0001D165", "\U0001D157\U0001D165", "\U0001D157\U0001D165", "\U0001D157\U0001D165")]
    [InlineData("\u1E9B\u0323", "\u1E9B\u0323", "\u017F\u0323\u0307", "\u1E69", "s\u0323\u0307")]
    [InlineData("plain", "plain", "plain", "plain", "plain")]
    public void The_four_forms_are_those_of_the_standard(string text, string nfc, string nfd, string nfkc, string nfkd)
    {
        Assert.Equal(nfc, UnicodeForm.Nfc.Normalize(text));
        Assert.Equal(nfd, UnicodeForm.Nfd.Normalize(text));
        Assert.Equal(nfkc, UnicodeForm.Nfkc.Normalize(text));
        Assert.Equal(nfkd, UnicodeForm.Nfkd.Normalize(text));
    }
}
