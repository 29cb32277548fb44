using Rer.Web.Access;

namespace Rer.Web.Tests.Access;

public sealed class AccessTokenTests
{
    [Fact]
    public void Each_start_makes_another_token_that_nobody_guesses()
    {
        var (one, two) = (AccessToken.Create(_ => null), AccessToken.Create(_ => " "));
        Assert.NotEqual(one.Text, two.Text);
        Assert.Matches("^[0-9a-f]{64}$", one.Text);
        Assert.True(one.Matches(one.Text));
        Assert.False(one.Matches(two.Text));
        Assert.False(one.Matches(null));
        Assert.False(one.Matches(""));
        Assert.False(one.Matches(one.Text[..^1]));
        Assert.False(one.Matches(one.Text + " "));
    }

    [Fact]
    public void The_environment_may_set_it() => Assert.Equal("a-token-of-mine-1", AccessToken.Create(_ => "a-token-of-mine-1\n").Text);

    [Theory]
    [InlineData("short")]
    [InlineData("a token with blanks in it")]
    [InlineData("ein-längerer-Schlüssel")]
    public void A_token_that_is_none_is_refused_without_being_shown(string text)
    {
        var message = Assert.Throws<ArgumentException>(() => AccessToken.Create(_ => text)).Message;
        Assert.StartsWith("RER_SERVER_TOKEN: a token has at least 16 letters", message, StringComparison.Ordinal);
        Assert.DoesNotContain(text, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:5180", true)]
    [InlineData("http://localhost:5180", true)]
    [InlineData("http://[::1]:5180", true)]
    [InlineData("http://unix:/run/rer.sock", true)]
    [InlineData("http://0.0.0.0:5180", false)]
    [InlineData("http://[::]:5180", false)]
    [InlineData("http://*:5180", false)]
    [InlineData("http://+:5180", false)]
    [InlineData("http://192.168.1.5:5180", false)]
    [InlineData("http://workbench:5180", false)] // bound to every interface
    public void An_address_is_reached_by_this_machine_alone_or_by_others(string url, bool alone) =>
        Assert.Equal(alone, Doors.IsLoopback(url));
}
