using Rer.Engine.Data;

namespace Rer.Engine.Tests.Data;

public sealed class WordPunctTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(" \n\t ", "")]
    [InlineData("Don't stop... a_b 2x", "Don|'|t|stop|...|a_b|2x")]
    [InlineData("x² ½ Ⅷ", "x²|½|Ⅷ")]
    [InlineData("e\u0301a", "e|\u0301|a")]
    [InlineData("a\u203Fb", "a|\u203F|b")]
    [InlineData("\U0001D400\U0001F600b", "\U0001D400|\U0001F600|b")]
    [InlineData("a\uD83Db", "a|\uD83D|b")]
    public void Words_and_runs_of_other_characters_are_tokens(string text, string tokens) =>
        Assert.Equal(tokens.Length == 0 ? [] : tokens.Split('|'), WordPunct.Tokenize(text));
}
