namespace Rer.Engine.Hub;

/// <summary>The body of a file on its way, with what the Hub said of it.</summary>
/// <param name="response">Owns the connection.</param>
/// <param name="checksum">From `X-Linked-Etag` or `ETag`; null where there is none of a known form.</param>
/// <param name="size">Bytes of the whole file, from `X-Linked-Size` or the body's length; null where neither is there.</param>
internal sealed class HubContent(HttpResponseMessage response, FileChecksum? checksum, long? size) : IDisposable
{
    public FileChecksum? Checksum { get; } = checksum;

    public long? Size { get; } = size;

    /// <summary>The byte of the file that the body begins with: 0 where the server does not resume.</summary>
    public long From { get; } = response.Content.Headers.ContentRange?.From ?? 0;

    public Task<Stream> OpenAsync(CancellationToken cancellation) => response.Content.ReadAsStreamAsync(cancellation);

    public void Dispose() => response.Dispose();
}
