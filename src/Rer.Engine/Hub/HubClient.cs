using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Rer.Engine.Hub;

/// <summary>
/// The Hub's HTTP API, as far as fetching needs it: what a revision holds, and the content of a file. Source: the Hub's documentation
/// (`/api/models/{id}/revision/{revision}`, `/api/models/{id}/tree/{revision}`, `/{id}/resolve/{revision}/{path}`).
/// </summary>
internal sealed partial class HubClient : IDisposable
{
    private const int MostRedirects = 10;
    private const int MostPages = 1000;
    private const int LargestListing = 64 << 20;

    private readonly HubOptions _options;
    private readonly string _root;
    private readonly HttpClient _http;

    public HubClient(HubOptions options)
    {
        _options = options;
        _root = options.Endpoint.AbsoluteUri.TrimEnd('/') + "/";
        // Redirects are followed here, so that the token stays with the endpoint when a file comes from elsewhere.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = options.StallTime })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.UserAgent.Add(
            new ProductInfoHeaderValue("rer", typeof(HubClient).Assembly.GetName().Version?.ToString(2)));
    }

    /// <summary>Lists a revision.</summary>
    /// <exception cref="HubException">It cannot be read; the message says why.</exception>
    public async Task<HubListing> ListAsync(HubRepository repository, string revision, CancellationToken cancellation)
    {
        var (info, _) = await JsonAsync(
            new Uri($"{_root}{repository.ApiPath}/revision/{Uri.EscapeDataString(revision)}?blobs=true"), repository, cancellation)
            .ConfigureAwait(false);
        using var _ = info;
        var commit = Text(info.RootElement, "sha") ?? revision;
        HubFile[] files = info.RootElement.TryGetProperty("siblings", out var siblings) && siblings.ValueKind == JsonValueKind.Array
            ? [.. siblings.EnumerateArray().Select(Sibling)]
            : throw new HubException($"{repository}: {_options.Endpoint} lists no files. It does not speak the Hub's API.");
        if (files.All(file => file is { Checksum: not null, Size: not null })) return new HubListing(commit, files);
        return new HubListing(commit, await TreeAsync(repository, commit, files, cancellation).ConfigureAwait(false));
    }

    /// <summary>Opens a file's content.</summary>
    /// <param name="repository">Whose file it is.</param>
    /// <param name="commit">The commit it is read from.</param>
    /// <param name="path">Its path there.</param>
    /// <param name="from">The byte to begin with; the server may begin with the first all the same.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="HubException">It cannot be had; a <see cref="HubInterruption"/> where it may be later.</exception>
    public async Task<HubContent> OpenAsync(HubRepository repository, string commit, string path, long from, CancellationToken cancellation)
    {
        var escaped = string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
        var (response,
            linked) = await GetAsync(new Uri($"{_root}{repository}/resolve/{Uri.EscapeDataString(commit)}/{escaped}"),
                $"{repository}: {path}", from, cancellation)
            .ConfigureAwait(false);
        var size = linked.Size ?? response.Content.Headers.ContentRange?.Length
            ?? (response.StatusCode == HttpStatusCode.OK ? response.Content.Headers.ContentLength : null);
        return new HubContent(response, linked.Checksum, size);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The files with the sizes and checksums of the tree, which some mirrors leave out of a model's description.</summary>
    private async Task<IReadOnlyList<HubFile>> TreeAsync(HubRepository repository, string commit, HubFile[] files,
        CancellationToken cancellation)
    {
        var known = new Dictionary<string, HubFile>();
        Uri? page = new($"{_root}{repository.ApiPath}/tree/{Uri.EscapeDataString(commit)}?recursive=true");
        try
        {
            for (var pages = 0; page is not null && pages < MostPages; pages++)
            {
                var (tree, next) = await JsonAsync(page, repository, cancellation).ConfigureAwait(false);
                using var _ = tree;
                if (tree.RootElement.ValueKind != JsonValueKind.Array) break;
                foreach (var entry in tree.RootElement.EnumerateArray().Where(entry => Text(entry, "type") == "file"))
                    if (Text(entry, "path") is { } path) known[path] = Entry(path, entry, "oid", "oid");
                page = next is not null && IsOwn(next) && next != page ? next : null;
            }
        }
        catch (HubException error) when (error is not HubInterruption)
        {
            // A mirror without trees: the headers of each file then have to tell its checksum.
        }
        return [.. files.Select(file => file is { Checksum: not null, Size: not null } ? file : known.GetValueOrDefault(file.Path, file))];
    }

    private static HubFile Sibling(JsonElement sibling) => Entry(Text(sibling, "rfilename") ?? "", sibling, "blobId", "sha256");

    /// <summary>A large file's content hashes to what `lfs` says; the blob of such a file is its pointer alone.</summary>
    private static HubFile Entry(string path, JsonElement entry, string blobField, string largeField)
    {
        var large = entry.TryGetProperty("lfs", out var lfs) && lfs.ValueKind == JsonValueKind.Object;
        var checksum = FileChecksum.Parse(large ? Text(lfs, largeField) : Text(entry, blobField));
        return new HubFile(path, (large ? Size(lfs) : null) ?? Size(entry), checksum);
    }

    private static string? Text(JsonElement element, string field) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;

    private static long? Size(JsonElement element) =>
        element.TryGetProperty("size", out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var size)
            && size >= 0 ? size : null;

    private async Task<(JsonDocument Json, Uri? Next)> JsonAsync(Uri address, HubRepository repository, CancellationToken cancellation)
    {
        var (response, _) = await GetAsync(address, repository.ToString(), 0, cancellation).ConfigureAwait(false);
        using var owned = response;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_options.StallTime);
        try
        {
            await response.Content.LoadIntoBufferAsync(LargestListing, limit.Token).ConfigureAwait(false);
            var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(limit.Token).ConfigureAwait(false));
            var next = response.Headers.TryGetValues("Link", out var links) ? NextLink().Match(string.Join(", ", links)) : Match.Empty;
            return (json, next.Success ? new Uri(address, next.Groups[1].Value) : null);
        }
        catch (JsonException error)
        {
            throw new HubException(
                $"{repository}: {_options.Endpoint} answers with something that is no JSON. It does not speak the Hub's API.", error);
        }
        catch (Exception error) when (IsTransfer(error, cancellation))
        {
            throw new HubInterruption($"{repository}: the listing from {_options.Endpoint.Host} broke off ({Reason(error)}).",
                cause: error);
        }
    }

    private async Task<(HttpResponseMessage Response, (FileChecksum? Checksum, long? Size) Linked)> GetAsync(
        Uri address, string subject, long from, CancellationToken cancellation)
    {
        FileChecksum? checksum = null;
        long? size = null;
        for (var hop = 0; hop <= MostRedirects; hop++)
        {
            var response = await SendAsync(address, subject, from, cancellation).ConfigureAwait(false);
            // Of a file that lies elsewhere the Hub's own answer, a redirect, names the checksum; the other server's tags mean nothing
            // here.
            if (IsOwn(address))
            {
                checksum = FileChecksum.Parse(Header(response, "X-Linked-Etag")) ?? checksum;
                size = long.TryParse(Header(response, "X-Linked-Size"), out var linked) ? linked : size;
                if (response.IsSuccessStatusCode) checksum ??= FileChecksum.Parse(response.Headers.ETag?.Tag);
            }
            if (response.IsSuccessStatusCode) return (response, (checksum, size));
            using var _ = response;
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location)
                throw HubFailure.Of(response, subject, _options, IsOwn(address));
            var next = new Uri(address, location);
            if (next.Scheme is not ("http" or "https") || address.Scheme == "https" && next.Scheme != "https")
                throw new HubException($"{subject}: {address.Host} redirects to an unencrypted address. Nothing is fetched from there.");
            address = next;
        }
        throw new HubException($"{subject}: more than {MostRedirects} redirects, the last to {address.Host}.");
    }

    private async Task<HttpResponseMessage> SendAsync(Uri address, string subject, long from, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (_options.Token is { } token && IsOwn(address)) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (from > 0) request.Headers.Range = new RangeHeaderValue(from, null);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_options.StallTime);
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (IsTransfer(error, cancellation))
        {
            throw new HubInterruption($"{subject}: {address.Host} does not answer ({Reason(error)}).", cause: error);
        }
    }

    /// <summary>Whether an address is the endpoint's: the same scheme, host and port.</summary>
    private bool IsOwn(Uri address) =>
        Uri.Compare(address, _options.Endpoint, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase)
            == 0;

    /// <summary>Whether an error is the connection's, and not that the caller gave up.</summary>
    internal static bool IsTransfer(Exception error, CancellationToken cancellation) =>
        error is HttpRequestException or IOException and not HubException
            || error is OperationCanceledException && !cancellation.IsCancellationRequested;

    /// <summary>The innermost cause in words; outer ones say only that something failed.</summary>
    internal static string Reason(Exception error) =>
        error is OperationCanceledException ? "no answer in time"
        : error.GetBaseException() is HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } ? "the server closed it"
        : error.GetBaseException().Message.TrimEnd('.');

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    [GeneratedRegex("""<([^>]+)>\s*;\s*rel="?next"?""")]
    private static partial Regex NextLink();
}

/// <summary>What a revision of a repository holds.</summary>
/// <param name="Commit">The commit that the revision names, so that every file comes from the same one.</param>
/// <param name="Files">Its files.</param>
internal sealed record HubListing(string Commit, IReadOnlyList<HubFile> Files);
