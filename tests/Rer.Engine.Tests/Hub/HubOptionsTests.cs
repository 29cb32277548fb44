using Rer.Engine.Hub;

namespace Rer.Engine.Tests.Hub;

public sealed class HubOptionsTests
{
    [Fact]
    public void The_Hub_itself_is_asked_without_a_token_where_nothing_is_set()
    {
        var options = From();
        Assert.Equal(("https://huggingface.co/", null), (options.Endpoint.AbsoluteUri, options.Token));
    }

    [Fact]
    public void A_mirror_and_a_token_come_from_the_environment()
    {
        var options = From(endpoint: "https://mirror.example/hf/", token: " hf_abc\n");
        Assert.Equal(("https://mirror.example/hf", "hf_abc"), (options.Endpoint.AbsoluteUri, options.Token));
    }

    [Theory]
    [InlineData("mirror.example", null, "HF_ENDPOINT: 'mirror.example' is no address")]
    [InlineData("ftp://mirror.example", null, "is no address")]
    [InlineData("http://mirror.example", "hf_abc", "would travel unencrypted to http://mirror.example/")]
    [InlineData(null, "hf abc", "HF_TOKEN: holds characters that no token has")]
    public void What_cannot_be_used_is_named(string? endpoint, string? token, string expected)
    {
        var error = Assert.Throws<HubException>(() => From(endpoint, token)).Message;
        Assert.Contains(expected, error);
        Assert.True(token is null || !error.Contains(token, StringComparison.Ordinal));
    }

    [Fact]
    public void Whoever_wants_to_stay_offline_does() =>
        Assert.Contains("Unset it to pull",
            Assert.Throws<HubException>(() => HubOptions.FromEnvironment(name => name == "HF_HUB_OFFLINE" ? "1" : null)).Message);

    [Theory]
    [InlineData("http://mirror.example", null)]
    [InlineData("http://127.0.0.1:8080", "hf_abc")]
    public void An_unencrypted_mirror_may_be_read_without_a_token_or_on_this_machine(string endpoint, string? token) =>
        Assert.Equal(token, From(endpoint, token).Token);

    private static HubOptions From(string? endpoint = null, string? token = null) =>
        HubOptions.FromEnvironment(name => name == "HF_ENDPOINT" ? endpoint : name == "HF_TOKEN" ? token : null);
}
