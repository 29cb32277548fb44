using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Rer.Engine.Tests.Hub;

/// <summary>
/// Speaks as much of the Hub's HTTP API as a pull uses, over a plain socket, so that a test can cut a connection, alter what comes, and
/// read what was asked.
/// </summary>
internal sealed class HubServer : IAsyncDisposable
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private readonly List<HubServerRequest> _requests = [];
    private readonly Task _serving;

    public HubServer()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Id { get; init; } = "owner/name";

    /// <summary>`models` or `datasets`.</summary>
    public string Kind { get; init; } = "models";

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>The repository's files by path; what is larger than a kilobyte is listed and sent as a large file.</summary>
    public Dictionary<string, byte[]> Files { get; } = [];

    /// <summary>Answers a request in another way; null leaves it to the server.</summary>
    public Func<HubServerRequest, HubServerAnswer?> Answer { get; set; } = _ => null;

    /// <summary>Sends large files from here instead, by a redirect.</summary>
    public HubServer? Store { get; set; }

    /// <summary>Whether the model's description has checksums and sizes; the tree has them always.</summary>
    public bool ListsBlobs { get; set; } = true;

    public IReadOnlyList<HubServerRequest> Requests
    {
        get
        {
            lock (_gate) return [.. _requests];
        }
    }

    public static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>Git's name of a blob; the algorithm is its choice.</summary>
    public static string Blob(byte[] content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(Encoding.ASCII.GetBytes($"blob {content.Length}\0"));
        hash.AppendData(content);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _serving;
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                _ = Task.Run(() => ConverseAsync(client));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ConverseAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
            if (await reader.ReadLineAsync(_end.Token) is not { Length: > 0 } first) return;
            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            while (await reader.ReadLineAsync(_end.Token) is { Length: > 0 } line)
                headers[line[..line.IndexOf(':')]] = line[(line.IndexOf(':') + 1)..].Trim();
            var request = new HubServerRequest(first.Split(' ')[1], headers);
            lock (_gate) _requests.Add(request);
            await (Answer(request) ?? Own(request)).SendAsync(stream, _end.Token);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or SocketException)
        {
            // The client left, or the test is over.
        }
    }

    private HubServerAnswer Own(HubServerRequest request)
    {
        var path = Uri.UnescapeDataString(request.Path.Split('?')[0]);
        if (path.StartsWith($"/api/{Kind}/{Id}/revision/", StringComparison.Ordinal)) return HubServerAnswer.Json(Description());
        if (path == $"/api/{Kind}/{Id}/tree/{Commit}")
            return HubServerAnswer.Json(Files.Select(file => Entry(file.Key, file.Value)).ToArray());
        var prefix = $"{(Kind == "models" ? "" : "/" + Kind)}/{Id}/resolve/{Commit}/";
        if (!path.StartsWith(prefix, StringComparison.Ordinal) || !Files.TryGetValue(path[prefix.Length..], out var content))
            return new HubServerAnswer(404, [],
                new() { ["X-Error-Code"] = path.StartsWith($"/{Id}/", StringComparison.Ordinal) ? "EntryNotFound" : "RepoNotFound" });
        if (Store is { } store && IsLarge(content))
        {
            store.Files[path[prefix.Length..]] = content;
            return new HubServerAnswer(302, [],
                new()
                {
                    ["Location"] = $"{store.Address}{Id}/resolve/{Commit}/{path[prefix.Length..]}?sig=1",
                    ["X-Linked-Etag"] = $"\"{Sha256(content)}\"",
                    ["X-Linked-Size"] = $"{content.Length}",
                });
        }
        return Content(request, content);
    }

    /// <summary>A file's content from the byte that was asked for.</summary>
    public static HubServerAnswer Content(HubServerRequest request, byte[] content)
    {
        var headers = new Dictionary<string, string>
        {
            ["ETag"] = $"\"{(IsLarge(content) ? Sha256(content) : Blob(content))}\"",
            ["Accept-Ranges"] = "bytes",
        };
        if (request.From is not { } from) return new HubServerAnswer(200, content, headers);
        if (from >= content.Length) return new HubServerAnswer(416, [], headers);
        headers["Content-Range"] = $"bytes {from}-{content.Length - 1}/{content.Length}";
        return new HubServerAnswer(206, content[from..], headers);
    }

    private static bool IsLarge(byte[] content) => content.Length > 1024;

    private object Description() => new
    {
        id = Id,
        sha = Commit,
        siblings = Files.Select(file => !ListsBlobs ? new { rfilename = file.Key }
            : IsLarge(file.Value)
            ? new
            {
                rfilename = file.Key,
                size = file.Value.Length,
                blobId = new string('9', 40),
                lfs = new { sha256 = Sha256(file.Value), size = file.Value.Length, pointerSize = 134 }
            }
            : (object)new { rfilename = file.Key, size = file.Value.Length, blobId = Blob(file.Value) }).ToArray(),
    };

    private static object Entry(string path, byte[] content) => IsLarge(content)
        ? new
        {
            type = "file",
            path,
            size = content.Length,
            oid = new string('9', 40),
            lfs = new { oid = Sha256(content), size = content.Length, pointerSize = 134 }
        }
        : new { type = "file", path, size = content.Length, oid = Blob(content) };
}
