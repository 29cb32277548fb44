using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using Rer.Web.Access;
using Rer.Web.Hosting;
using Rer.Web.Tests.Browser;

namespace Rer.Web.Tests.Access;

/// <summary>Who is let in, asked of real servers.</summary>
public sealed class DoorTests
{
    [Theory]
    [InlineData("")]
    [InlineData("runs")]
    [InlineData("api/runs")]
    [InlineData("api/openapi.json")]
    [InlineData("css/app.css")]
    [InlineData("_framework/blazor.web.js")]
    [InlineData("_blazor/negotiate?negotiateVersion=1")]
    [InlineData("healthz")]
    public async Task A_name_that_is_not_the_servers_is_answered_nothing_anywhere(string path)
    {
        await using var server = await DashboardServer.Start();
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address + path);
        request.Headers.Host = "evil.example";
        var answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.StartsWith("'evil.example' is no name of this server.", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_pages_connection_is_refused_to_other_names_and_other_pages()
    {
        await using var server = await DashboardServer.Start();
        await Assert.ThrowsAsync<WebSocketException>(() => Connect(server, ("Host", "evil.example")));
        await Assert.ThrowsAsync<WebSocketException>(() => Connect(server, ("Origin", "http://evil.example")));
        // Rebound: name and page agree with each other, and neither is the server's.
        await Assert.ThrowsAsync<WebSocketException>(() => Connect(server, ("Host", "evil.example"), ("Origin", "http://evil.example")));
        await Assert.ThrowsAsync<WebSocketException>(() => Connect(server, ("Origin", "http://localhost:1")));
        await Connect(server, ("Origin", server.Address.TrimEnd('/')));
    }

    [Fact]
    public async Task A_name_that_was_given_is_answered()
    {
        await using var server = await DashboardServer.Start(options: options => options with { AllowedHosts = ["rer.example.org"] });
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address + "api/runs");
        request.Headers.Host = "rer.example.org";
        request.Headers.Add("Origin", "https://rer.example.org");
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Where_only_this_machine_comes_no_token_is_asked_for()
    {
        await using var server = await DashboardServer.Start();
        Assert.Null(server.Doors.Token);
        using var client = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(server.Address + "api/runs")).StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("api/runs")]
    [InlineData("api/openapi.json")]
    [InlineData("css/app.css")]
    [InlineData("_blazor/negotiate?negotiateVersion=1")]
    [InlineData("no-such-page")]
    public async Task Where_others_come_nothing_is_answered_without_the_token(string path)
    {
        await using var server = await Reached();
        using var client = new HttpClient();
        var answer = await client.GetAsync(server.Address + path);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Contains("Authorization: Bearer TOKEN",
            (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("ok", await client.GetStringAsync(server.Address + "healthz"));
    }

    [Fact]
    public async Task A_program_sends_the_token_as_a_bearer()
    {
        await using var server = await Reached();
        using var client = new HttpClient();
        foreach (var (token, status) in new[] { (server.Doors.Token!.Text, HttpStatusCode.OK), ("wrong", HttpStatusCode.Unauthorized),
            (server.Doors.Token.Text + "0", HttpStatusCode.Unauthorized) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, server.Address + "api/runs");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            Assert.Equal(status, (await client.SendAsync(request)).StatusCode);
        }
    }

    [Fact]
    public async Task The_link_puts_the_token_into_a_cookie_that_scripts_and_other_sites_do_not_get()
    {
        await using var server = await Reached();
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler);
        var link = server.Doors.Printed(server.Address);
        Assert.Equal($"{server.Address}login?token={server.Doors.Token!.Text}", link);

        var answer = await client.GetAsync(link);

        Assert.Equal((HttpStatusCode.Redirect, "/"), (answer.StatusCode, answer.Headers.Location!.ToString()));
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.EndsWith("path=/; samesite=lax; httponly", cookie, StringComparison.Ordinal);
        // The client keeps it, as a browser does.
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(server.Address + "api/runs")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(server.Address)).StatusCode);
    }

    [Fact]
    public async Task A_browser_without_the_token_is_shown_a_form_for_it()
    {
        await using var server = await Reached();
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address + "runs");
        request.Headers.Accept.ParseAdd("text/html,application/xhtml+xml");
        var answer = await client.SendAsync(request);
        Assert.Equal((HttpStatusCode.Unauthorized, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.Contains("<form method=\"post\" action=\"/login\">", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        var wrong = await client.PostAsync(server.Address + "login", Form("<script>"));
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        var page = await wrong.Content.ReadAsStringAsync();
        Assert.Contains("That is not this dashboard's token", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync(server.Address + "login", Form(server.Doors.Token!.Text))).StatusCode);

        static FormUrlEncodedContent Form(string token) => new([new("token", token)]);
    }

    [Fact]
    public async Task The_page_is_let_in_by_its_cookie_and_its_connection_not_without()
    {
        await using var server = await Reached();
        await Assert.ThrowsAsync<WebSocketException>(() => Connect(server, ("Origin", server.Address.TrimEnd('/'))));
        await Connect(server, ("Origin", server.Address.TrimEnd('/')),
            ("Cookie", $"rer-{new Uri(server.Address).Port}={server.Doors.Token!.Text}"));
    }

    [Fact]
    public async Task Only_no_token_leaves_the_doors_open()
    {
        await using var server =
            await DashboardServer.Start(options: options => options with { Urls = "http://0.0.0.0:0", NoToken = true });
        Assert.True(server.Doors.Open);
        using var client = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(server.Address + "api/runs")).StatusCode);
    }

    [Fact]
    public async Task Endpoints_of_the_configuration_count_as_addresses_too()
    {
        var options = ServerOptions.Parse(["--store", "none", "--Kestrel:Endpoints:All:Url=http://0.0.0.0:5999"]);
        Assert.Equal(["--Kestrel:Endpoints:All:Url=http://0.0.0.0:5999"], options.Configuration);
        await using var app = Dashboard.Build(options);
        Assert.NotNull(((Doors)app.Services.GetService(typeof(Doors))!).Token);
    }

    [Theory]
    [InlineData("api/plans/check", "errors")]
    [InlineData("api/plans/estimate", "problem")]
    [InlineData("api/plans/measure", "problem")]
    [InlineData("api/runs", "problem")]
    public async Task What_lies_outside_the_folders_is_not_told_from_what_does_not_exist(string path, string kind)
    {
        await using var server = await DashboardServer.Start();
        using var client = new HttpClient { BaseAddress = new Uri(server.Address) };
        var start = await client.GetFromJsonAsync<Dictionary<string, JsonElement>>("api/plans/start");
        var said = new List<string>();
        foreach (var file in new[] { "/etc/hostname", "/etc/no-such-file" })
        {
            var plan = new Dictionary<string, object?>(start!.ToDictionary(p => p.Key, p => (object?)p.Value))
            {
                ["data"] = file,
                ["policy"] = Path.GetDirectoryName(file),
            };
            var answer = await client.PostAsJsonAsync(path, plan);
            Assert.Equal(kind == "errors" ? HttpStatusCode.OK : HttpStatusCode.BadRequest, answer.StatusCode);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.Contains($"is not a file that this dashboard reads", text, StringComparison.Ordinal);
            said.Add(text.Replace(file, "FILE", StringComparison.Ordinal).Replace("traceId", "", StringComparison.Ordinal));
        }

        Assert.Equal(said[0], said[1]);
    }

    [Fact]
    public async Task Scoring_reads_no_other_file_either()
    {
        await using var server = await DashboardServer.Start();
        using var client = new HttpClient { BaseAddress = new Uri(server.Address) };
        var items = new[] { new { query = "a", response = "b" } };
        foreach (var body in new object[]
        {
            new { design = "LI", items, data = "/etc/passwd" },
            new { design = "LI", items, relevance = "contriever:/etc" },
            new { design = "LI", items, gold = "/etc" },
            new { design = "LI", items, gold = "openrlhf:http://127.0.0.1:9,template=/etc" },
        })
        {
            var answer = await client.PostAsJsonAsync("api/score", body);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains("that this dashboard reads", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_folder_that_was_named_is_read()
    {
        var folder = Directory.CreateTempSubdirectory("rer-roots-").FullName;
        var file = Path.Combine(folder, "data.json");
        await File.WriteAllTextAsync(file, """[{"input": "red is a colour", "output": "blue"}]""");
        try
        {
            await using var server = await DashboardServer.Start(options: options => options with { DataRoots = [folder] });
            using var client = new HttpClient { BaseAddress = new Uri(server.Address) };
            var answer = await client.PostAsJsonAsync("api/score",
                new { design = "LI", items = new[] { new { query = "a", response = "b" } }, data = file });
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Listens on every interface, and is asked on this machine's own.
    private static Task<DashboardServer> Reached() => DashboardServer.Start(options: options => options with { Urls = "http://0.0.0.0:0" });

    private static async Task Connect(DashboardServer server, params (string Name, string Value)[] headers)
    {
        using var socket = new ClientWebSocket();
        foreach (var (name, value) in headers) socket.Options.SetRequestHeader(name, value);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await socket.ConnectAsync(new Uri(server.Address.Replace("http:", "ws:", StringComparison.Ordinal) + "_blazor"), patience.Token);
        Assert.Equal(WebSocketState.Open, socket.State);
    }
}
