using System.Net;
using Microsoft.AspNetCore.Http;
using Rer.Web.Access;

namespace Rer.Web.Tests.Access;

public sealed class AllowedHostsTests
{
    private static readonly AllowedHosts _hosts =
        new(["rer.example.org", "other.example.org:8443"], ["http://127.0.0.1:5180", "http://workbench:5180", "http://*:5181"]);

    [Theory]
    [InlineData("127.0.0.1:5180", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.0.0.2:5180", true)]
    [InlineData("localhost:8080", true)] // the other end of a tunnel
    [InlineData("LOCALHOST", true)]
    [InlineData("[::1]:5180", true)]
    [InlineData("workbench:5180", true)]
    [InlineData("rer.example.org", true)]
    [InlineData("Rer.Example.org:443", true)]
    [InlineData("other.example.org:8443", true)]
    [InlineData("other.example.org", false)]
    [InlineData("evil.example", false)]
    [InlineData("evil.example:5180", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("sub.rer.example.org", false)]
    [InlineData("203.0.113.7", false)]
    [InlineData("*", false)]
    [InlineData("", false)]
    public void A_name_is_of_the_server_or_it_is_not(string host, bool allowed) =>
        Assert.Equal(allowed, _hosts.Allows(new HostString(host), IPAddress.Loopback));

    [Fact]
    public void This_machines_own_name_and_the_address_that_a_request_came_to_are_its_own()
    {
        Assert.True(_hosts.Allows(new HostString(Dns.GetHostName()), IPAddress.Loopback));
        Assert.True(_hosts.Allows(new HostString("203.0.113.7:5180"), IPAddress.Parse("203.0.113.7")));
        Assert.True(_hosts.Allows(new HostString("203.0.113.7:5180"), IPAddress.Parse("::ffff:203.0.113.7")));
    }

    [Theory]
    [InlineData("http://127.0.0.1:5180", true)]
    [InlineData("http://localhost:5180", true)]
    [InlineData("https://rer.example.org", true)] // a proxy's name, whatever the port behind it
    [InlineData("http://localhost:3000", false)] // another program of this machine
    [InlineData("http://127.0.0.1", false)]
    [InlineData("http://evil.example", false)]
    [InlineData("http://evil.example:5180", false)]
    [InlineData("null", false)]
    [InlineData("file://localhost", false)]
    public void A_page_is_the_servers_own_or_it_is_not(string origin, bool allowed) =>
        Assert.Equal(allowed, _hosts.AllowsOrigin(origin, new HostString("127.0.0.1:5180"), isHttps: false, IPAddress.Loopback));

    [Theory]
    [InlineData("http", "http://localhost", true)]
    [InlineData("https", "https://localhost", true)]
    [InlineData("https", "http://localhost", false)]
    public void A_ports_default_is_the_schemes(string scheme, string origin, bool allowed) =>
        Assert.Equal(allowed, _hosts.AllowsOrigin(origin, new HostString("localhost"), scheme == "https", IPAddress.Loopback));

    [Theory]
    [InlineData("http://x")]
    [InlineData("x/y")]
    [InlineData("*.example.org")]
    [InlineData("a b")]
    [InlineData("user@host")]
    public void What_is_no_name_is_refused(string text) =>
        Assert.Equal($"--allowed-hosts: '{text}' is no host name. Write names such as rer.example.org, with commas between.",
            Assert.Throws<ArgumentException>(() => AllowedHosts.Parse(text)).Message);

    [Fact]
    public void Names_have_commas_between() => Assert.Equal(["a.example", "b:80"], AllowedHosts.Parse(" a.example, b:80 ,"));
}
