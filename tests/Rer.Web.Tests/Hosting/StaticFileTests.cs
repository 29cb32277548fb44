using System.Net;
using Rer.Web.Tests.Browser;

namespace Rer.Web.Tests.Hosting;

public sealed class StaticFileTests
{
    [Theory]
    [InlineData("br", 0.35)]
    [InlineData("gzip", 0.4)]
    public async Task Scripts_and_styles_are_sent_compressed(string encoding, double share)
    {
        await using var server = await DashboardServer.Start();
        foreach (var file in (string[])["lib/plotly/plotly-basic.min.js", "_framework/blazor.web.js", "js/app.js", "css/components.css"])
        {
            var (plain, none) = await Get(server, file, "identity");
            var (packed, found) = await Get(server, file, encoding);
            Assert.Equal(("", encoding), (none, found));
            Assert.True(packed.Length < share * plain.Length, $"{file}: {packed.Length} of {plain.Length} bytes");
        }
    }

    [Fact]
    public async Task Fonts_are_compressed_already_and_sent_as_they_are()
    {
        await using var server = await DashboardServer.Start();
        var (_, encoding) = await Get(server, "fonts/inter-latin-wght-normal.woff2", "br");
        Assert.Equal("", encoding);
    }

    [Fact]
    public async Task A_browser_that_has_a_file_is_told_that_it_has_not_changed()
    {
        await using var server = await DashboardServer.Start();
        using var client = new HttpClient();
        var first = await client.GetAsync(server.Address + "css/app.css");
        Assert.True(first.Headers.CacheControl!.NoCache);
        using var again = new HttpRequestMessage(HttpMethod.Get, server.Address + "css/app.css");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await client.SendAsync(again)).StatusCode);
    }

    private static async Task<(byte[] Body, string Encoding)> Get(DashboardServer server, string path, string accept)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address + path);
        request.Headers.Add("Accept-Encoding", accept);
        var answer = await client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadAsByteArrayAsync(), string.Join(',', answer.Content.Headers.ContentEncoding));
    }
}
