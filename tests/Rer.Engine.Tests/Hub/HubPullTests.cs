using System.Text;
using Rer.Engine.Hub;
using Rer.Engine.Tests.Models;

namespace Rer.Engine.Tests.Hub;

/// <summary>Pulls from a server in this process.</summary>
public sealed class HubPullTests : IAsyncDisposable
{
    private static readonly byte[] Weights = [.. Enumerable.Range(0, 200_000).Select(i => (byte)(i * 31 >> 3))];
    private static readonly byte[] Config = Encoding.UTF8.GetBytes("""{"model_type":"llama"}""");

    private readonly HubServer _hub = new();
    private readonly TemporaryFolder _folder = new();
    private HubOptions _options;

    public HubPullTests()
    {
        _hub.Files["config.json"] = Config;
        _hub.Files["model.safetensors"] = Weights;
        _options = new HubOptions
        {
            Endpoint = _hub.Address,
            FirstWait = TimeSpan.FromMilliseconds(1),
            LongestWait = TimeSpan.FromMilliseconds(2),
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_files_of_a_revision_come_whole_from_the_commit_it_names()
    {
        _hub.Files["empty.txt"] = [];
        var result = await PullAsync(request => request with { Revision = "refs/pr/1" });

        Assert.Equal((3, 0, HubServer.Commit), (result.Fetched, result.Present, result.Commit));
        Assert.Equal(Weights, await File.ReadAllBytesAsync(_folder.File("model.safetensors")));
        Assert.Equal(Config, await File.ReadAllBytesAsync(_folder.File("config.json")));
        Assert.Empty(await File.ReadAllBytesAsync(_folder.File("empty.txt")));
        Assert.Contains("/revision/refs%2Fpr%2F1", _hub.Requests[0].Path);
        Assert.All(_hub.Requests.Skip(1), request => Assert.Contains($"/resolve/{HubServer.Commit}/", request.Path));
        Assert.Contains(HubServer.Commit, await File.ReadAllTextAsync(_folder.File(".pull.json")));
    }

    [Fact]
    public async Task What_is_there_already_and_right_is_not_fetched_again()
    {
        await PullAsync();
        var before = _hub.Requests.Count;
        var result = await PullAsync();
        Assert.Equal((0, 2), (result.Fetched, result.Present));
        Assert.Equal(before + 1, _hub.Requests.Count);
    }

    [Fact]
    public async Task A_newer_commit_replaces_what_an_earlier_pull_left()
    {
        await PullAsync();
        _hub.Files["config.json"] = [.. Config, (byte)'\n'];
        Assert.Equal(1, (await PullAsync()).Fetched);
        Assert.Equal(Config.Length + 1, new FileInfo(_folder.File("config.json")).Length);
    }

    [Fact]
    public async Task A_file_of_someone_else_is_not_written_over()
    {
        await File.WriteAllTextAsync(_folder.File("config.json"), "mine");
        Assert.Contains("is there already, and differs", await FailAsync());
        Assert.Equal("mine", await File.ReadAllTextAsync(_folder.File("config.json")));
    }

    [Fact]
    public async Task A_cut_connection_goes_on_where_it_stopped()
    {
        var cuts = 0;
        _hub.Answer = request => IsWeights(request) && cuts++ < 9 ? HubServer.Content(request, Weights) with { CutAfter = 20_000 } : null;
        await PullAsync();

        Assert.Equal(Weights, await File.ReadAllBytesAsync(_folder.File("model.safetensors")));
        Assert.Equal([null, .. Enumerable.Range(1, 9).Select(i => (int?)(20_000 * i))],
            _hub.Requests.Where(IsWeights).Select(request => request.From));
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "*.part"));
    }

    [Fact]
    public async Task A_later_pull_goes_on_where_an_earlier_one_gave_up()
    {
        _hub.Answer = request => !IsWeights(request) ? null : request.From is null
            ? HubServer.Content(request, Weights) with { CutAfter = 50_000 } : HubServer.Content(request, Weights) with { CutAfter = 0 };
        Assert.Contains("Tried 6 times. What has come is kept", await FailAsync());

        _hub.Answer = _ => null;
        var reports = new List<PullProgress>();
        await PullAsync(progress: reports);
        Assert.Equal(50_000, _hub.Requests[^1].From);
        Assert.Equal(Weights, await File.ReadAllBytesAsync(_folder.File("model.safetensors")));
        Assert.Equal((Weights.Length + Config.Length, 2), (reports[^1].Bytes, reports[^1].Files));
    }

    [Fact]
    public async Task A_server_that_does_not_resume_sends_the_file_anew()
    {
        var cuts = 0;
        _hub.Answer = request => !IsWeights(request) ? null
            : HubServer.Content(new HubServerRequest(request.Path, new Dictionary<string, string>()),
                Weights) with
            { CutAfter = cuts++ == 0 ? 70_000 : null };
        await PullAsync();
        Assert.Equal(Weights, await File.ReadAllBytesAsync(_folder.File("model.safetensors")));
    }

    [Fact]
    public async Task A_connection_that_falls_silent_is_cut()
    {
        _options = _options with { StallTime = TimeSpan.FromMilliseconds(300) };
        var stalls = 0;
        _hub.Answer = request =>
            IsWeights(request) && stalls++ == 0 ? HubServer.Content(request, Weights) with { CutAfter = 1000, Stalls = true } : null;
        var reports = new List<PullProgress>();
        await PullAsync(progress: reports);
        Assert.Contains(reports,
            report => report.Note?.Contains("broke off after 1.0 kB (no answer in time)", StringComparison.Ordinal) == true);
    }

    [Theory]
    [InlineData("config.json", "Git blob SHA-1")]
    [InlineData("model.safetensors", "SHA-256")]
    public async Task Content_with_another_checksum_is_fetched_twice_and_not_kept(string name, string algorithm)
    {
        byte[] altered = [.. _hub.Files[name]];
        altered[7] ^= 1;
        _hub.Answer = request => request.Path.EndsWith(name, StringComparison.Ordinal) ? HubServer.Content(request, altered) : null;
        var error = await FailAsync();
        Assert.Contains($"owner/name: {name}: what came has the {algorithm} ", error);
        Assert.Contains("Fetched twice; nothing is kept", error);
        Assert.Equal(2, _hub.Requests.Count(request => request.Path.EndsWith(name, StringComparison.Ordinal)));
        Assert.False(File.Exists(_folder.File(name)));
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, $"{name}*"));
    }

    [Fact]
    public async Task A_part_that_went_bad_is_thrown_away_and_the_file_comes_whole()
    {
        await File.WriteAllBytesAsync(_folder.File($"model.safetensors.{HubServer.Sha256(Weights)[..12]}.part"), new byte[60_000]);
        await PullAsync();
        Assert.Equal([60_000, null], _hub.Requests.Where(IsWeights).Select(request => request.From));
        Assert.Equal(Weights, await File.ReadAllBytesAsync(_folder.File("model.safetensors")));
    }

    [Fact]
    public async Task More_than_is_listed_is_not_written()
    {
        _hub.Answer = request => IsWeights(request) ? HubServer.Content(request, [.. Weights, 1, 2, 3]) : null;
        Assert.Contains("more comes than the 200.0 kB", await FailAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Checksums_come_from_the_tree_or_the_headers_where_the_description_has_none(bool tree)
    {
        await using var store = new HubServer();
        (_hub.ListsBlobs, _hub.Store) = (false, store);
        if (!tree)
            _hub.Answer = request => request.Path.Contains("/tree/", StringComparison.Ordinal) ? new HubServerAnswer(404, [], []) : null;
        await PullAsync();
        Assert.Equal(Weights, await File.ReadAllBytesAsync(_folder.File("model.safetensors")));

        store.Answer = request => HubServer.Content(request, [.. Weights.Reverse()]);
        File.Delete(_folder.File("model.safetensors"));
        Assert.Contains("SHA-256", await FailAsync());
    }

    [Fact]
    public async Task A_listing_of_several_pages_is_read_to_its_end()
    {
        _hub.ListsBlobs = false;
        _hub.Answer = request => !request.Path.Contains("/tree/", StringComparison.Ordinal) ? null
            : request.Path.Contains("cursor", StringComparison.Ordinal)
                ? HubServerAnswer.Json(
                    new[] { new { type = "file", path = "model.safetensors", size = Weights.Length, oid = "x",
                        lfs = new { oid = HubServer.Sha256(Weights), size = Weights.Length } } })
                : HubServerAnswer.Json(
                    new[] { new { type = "file", path = "config.json", size = Config.Length, oid = HubServer.Blob(Config) } }) is var first
                    ? first with
                    {
                        Headers = new(first.Headers)
                        {
                            ["Link"] = $"<{_hub.Address}api/models/owner/name/tree/{HubServer.Commit}?recursive=true&cursor=2>; "
                                + "rel=\"next\"",
                        }
                    } : null;
        var reports = new List<PullProgress>();
        await PullAsync(progress: reports);
        Assert.Equal(Weights.Length + Config.Length, reports[0].AllBytes);
    }

    [Fact]
    public async Task What_no_one_gives_a_checksum_of_is_not_fetched()
    {
        _hub.ListsBlobs = false;
        _hub.Answer = request => request.Path.Contains("/tree/", StringComparison.Ordinal) ? new HubServerAnswer(404, [], [])
            : request.Path.Contains("/resolve/", StringComparison.Ordinal)
            ? new HubServerAnswer(200, Config, new() { ["ETag"] = "\"5f-61a\"" }) : null;
        Assert.Contains("gives no checksum", await FailAsync());
    }

    [Fact]
    public async Task The_token_goes_to_the_endpoint_and_not_to_where_it_redirects()
    {
        await using var store = new HubServer();
        (_hub.Store, _options) = (store, _options with { Token = "hf_secret" });
        await PullAsync();
        Assert.All(_hub.Requests, request => Assert.Equal("Bearer hf_secret", request.Token));
        Assert.Null(Assert.Single(store.Requests).Token);
        Assert.Equal(Weights, await File.ReadAllBytesAsync(_folder.File("model.safetensors")));
    }

    [Fact]
    public async Task A_repository_that_was_renamed_is_followed_with_the_token()
    {
        _options = _options with { Token = "hf_secret" };
        _hub.Answer = request => request.Path.StartsWith("/api/models/owner/old/", StringComparison.Ordinal)
            ? new HubServerAnswer(307, [], new() { ["Location"] = request.Path.Replace("old", "name", StringComparison.Ordinal) })
            : request.Path.StartsWith("/owner/old/", StringComparison.Ordinal)
                ? new HubServerAnswer(307, [], new() { ["Location"] = request.Path.Replace("old", "name", StringComparison.Ordinal) })
                : null;
        var result = await new HubPull(_options).RunAsync(new PullRequest(HubRepository.Parse("owner/old"), _folder.Path));
        Assert.Equal(2, result.Fetched);
        Assert.All(_hub.Requests, request => Assert.NotNull(request.Token));
    }

    [Fact]
    public async Task Redirects_in_a_circle_end()
    {
        _hub.Answer = request => new HubServerAnswer(302, [], new() { ["Location"] = request.Path });
        Assert.Contains("more than 10 redirects", await FailAsync());
    }

    [Theory]
    [InlineData(401, null, null, "asks for a login (401)", "set HF_TOKEN")]
    [InlineData(401, null, "hf_x", "does not let the token in HF_TOKEN read this (401)", "not valid")]
    [InlineData(403, "GatedRepo", null, "access is gated (403)", "Accept the terms")]
    [InlineData(403, "GatedRepo", "hf_x", "with the account whose token HF_TOKEN holds", "gated")]
    [InlineData(404, "RevisionNotFound", null, "no such revision (404)", "main is read")]
    [InlineData(404, "RepoNotFound", null, "no such repository or revision (404)", "HF_TOKEN")]
    [InlineData(418, null, null, "answers 418", "owner/name")]
    public async Task A_refusal_says_what_would_help(int status, string? code, string? token, string expected, string advice)
    {
        _options = _options with { Token = token };
        _hub.Answer =
            _ => new HubServerAnswer(status, [], code is null ? [] : new() { ["X-Error-Code"] = code, ["X-Error-Message"] = "Told so." });
        var error = await FailAsync();
        Assert.Contains(expected, error);
        Assert.Contains(advice, error);
        Assert.Equal(code is not null, error.EndsWith("It says: Told so.", StringComparison.Ordinal));
        Assert.DoesNotContain("hf_x", error);
        Assert.Single(_hub.Requests);
    }

    [Fact]
    public async Task A_busy_server_is_asked_again_and_in_the_end_named()
    {
        var asked = 0;
        _hub.Answer = _ => asked++ < 3 ? new HubServerAnswer(503, [], new() { ["Retry-After"] = "0" }) : null;
        await PullAsync();
        _hub.Answer = _ => new HubServerAnswer(429, [], []);
        Assert.Contains("127.0.0.1 is busy or failing (429", await FailAsync());
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named()
    {
        await using (var gone = new HubServer()) _options = _options with { Endpoint = gone.Address, Attempts = 2 };
        Assert.Contains("127.0.0.1 does not answer (Connection refused", await FailAsync());
    }

    [Fact]
    public async Task Too_little_space_is_said_before_anything_comes()
    {
        _options = _options with { FreeSpace = _ => 64 << 20 };
        var error = await FailAsync();
        Assert.Contains($"{_folder.Path}: owner/name needs 200.0 kB more, and 67.1 MB are left free; the disk has 67.1 MB", error);
        Assert.Single(_hub.Requests);
    }

    [Fact]
    public async Task A_disk_that_fills_up_on_the_way_is_named_and_the_part_stays()
    {
        if (!OperatingSystem.IsLinux()) return;
        // Linux's device that is always full stands in for the part.
        var part = _folder.File($"model.safetensors.{HubServer.Sha256(Weights)[..12]}.part");
        File.CreateSymbolicLink(part, "/dev/full");
        Assert.Contains($"{part}: the disk is full. What has come is kept", await FailAsync());
        Assert.True(File.Exists(part));
    }

    [Theory]
    [InlineData("../config.json")]
    [InlineData("a/../../config.json")]
    [InlineData("/etc/config.json")]
    [InlineData("a\\..\\config.json")]
    [InlineData("a//config.json")]
    [InlineData(". ./config.json")]
    [InlineData("C:config.json")]
    [InlineData("con\nfig.json")]
    public async Task A_name_that_leads_elsewhere_stops_the_pull(string name)
    {
        _hub.Files[name] = Config;
        var error = await FailAsync();
        Assert.Contains("Nothing was fetched", error);
        Assert.DoesNotContain('\n', error);
        Assert.Single(_hub.Requests);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task A_pull_that_is_stopped_keeps_what_has_come()
    {
        using var stop = new CancellationTokenSource();
        _hub.Answer = request =>
        {
            if (!IsWeights(request)) return null;
            stop.CancelAfter(200);
            return HubServer.Content(request, Weights) with { CutAfter = 30_000, Stalls = true };
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new HubPull(_options).RunAsync(new PullRequest(HubRepository.Parse("owner/name"), _folder.Path), null, stop.Token));
        Assert.Equal(30_000, new FileInfo(Assert.Single(Directory.EnumerateFiles(_folder.Path, "*.part"))).Length);
    }

    [Fact]
    public async Task Progress_ends_with_every_byte_and_tells_a_rate()
    {
        var reports = new List<PullProgress>();
        await PullAsync(progress: reports);
        Assert.Equal((2, 2, Weights.Length + Config.Length, "", (string?)null),
            (reports[^1].Files, reports[^1].AllFiles, reports[^1].Bytes, reports[^1].File, reports[^1].Note));
        Assert.True(reports[^1].BytesPerSecond > 0);
        Assert.Equal(TimeSpan.Zero, reports[^1].Remaining);
        Assert.Equal(["config.json", "model.safetensors"], reports.Select(report => report.File).Where(file => file.Length > 0).Distinct());
    }

    private static bool IsWeights(HubServerRequest request) => request.Path.EndsWith("/model.safetensors", StringComparison.Ordinal);

    private Task<PullResult> PullAsync(Func<PullRequest, PullRequest>? change = null, List<PullProgress>? progress = null)
    {
        var request = new PullRequest(HubRepository.Parse("owner/name"), _folder.Path);
        return new HubPull(_options).RunAsync(change?.Invoke(request) ?? request, progress is null ? null : new Collected(progress));
    }

    private async Task<string> FailAsync() => (await Assert.ThrowsAsync<HubException>(() => PullAsync())).Message;

    private sealed class Collected(List<PullProgress> reports) : IProgress<PullProgress>
    {
        public void Report(PullProgress value) => reports.Add(value);
    }
}
