using Rer.Engine.Input;

namespace Rer.Engine.Tests.Input;

public sealed class ExcerptTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("short", "short")]
    [InlineData("twelve chars", "twelve cha...")]
    [InlineData("nine char😀", "nine char...")] // a pair is not cut in two
    [InlineData("a\nb", "a\\u000ab")]
    [InlineData("\u0012\u0012\u0012\u0012", "\\u0012\\u0012...")] // what is written out counts as written
    public void It_is_short_and_on_one_line(string text, string quoted) => Assert.Equal(quoted, Excerpt.Of(text, 10));
}
