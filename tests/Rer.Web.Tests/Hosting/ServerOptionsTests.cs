using Rer.Web.Hosting;

namespace Rer.Web.Tests.Hosting;

public sealed class ServerOptionsTests
{
    [Fact]
    public void Only_this_machine_is_listened_to_unless_addresses_are_given()
    {
        Assert.Null(ServerOptions.Parse([]).Urls);
        Assert.Equal("http://0.0.0.0:80", ServerOptions.Parse(["--urls", "http://0.0.0.0:80"]).Urls);
    }

    [Fact]
    public void An_unknown_argument_is_named() =>
        Assert.Contains("--sotre", Assert.Throws<ArgumentException>(() => ServerOptions.Parse(["--sotre", "x"])).Message,
            StringComparison.Ordinal);

    [Fact]
    public void An_argument_without_its_value_is_named() =>
        Assert.Contains("--store needs a value", Assert.Throws<ArgumentException>(() => ServerOptions.Parse(["--store"])).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Code_is_allowed_only_where_the_person_who_starts_it_says_so()
    {
        Assert.False(ServerOptions.Parse([]).AllowCode);
        Assert.True(ServerOptions.Parse(["--allow-code"]).AllowCode);
    }

    [Fact]
    public void A_store_is_a_full_path() => Assert.Equal(Path.GetFullPath("runs"), ServerOptions.Parse(["--store=runs"]).Store);
}
