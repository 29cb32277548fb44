using Rer.Web.Hosting;

namespace Rer.Web.Tests.Hosting;

public sealed class BrowserWindowTests
{
    [Theory]
    [InlineData("http://127.0.0.1:5180", "http://127.0.0.1:5180")]
    [InlineData("http://0.0.0.0:5180", "http://localhost:5180")]
    [InlineData("http://[::]:5180", "http://localhost:5180")]
    public void The_browser_is_sent_to_an_address_that_it_can_reach(string listens, string expected) =>
        Assert.Equal(expected, BrowserWindow.Reachable(listens));

    [Theory]
    [InlineData("DISPLAY", true, true)]
    [InlineData("WAYLAND_DISPLAY", true, true)]
    [InlineData("SSH_CONNECTION", false, false)]
    [InlineData("OTHER", false, true)]
    public void Linux_has_a_screen_where_a_display_is_named_and_other_systems_save_over_SSH(string named, bool onLinux, bool elsewhere) =>
        Assert.Equal(OperatingSystem.IsLinux() ? onLinux : elsewhere, BrowserWindow.HasScreen(name => name == named ? ":0" : null));
}
