namespace Rer.Engine.Hub;

/// <summary>
/// Brings one file: into a `.part` beside its place, whose name carries the checksum it must have, and from there to its name.
/// </summary>
internal sealed class FileTransfer(HubClient client, HubOptions options, HubRepository repository, string commit, HubFile file,
    string target, PullMeter meter)
{
    private const int BufferBytes = 1 << 20;
    private const int StartBytes = 8;

    /// <summary>Linux's number for a full disk, as .NET reports it.</summary>
    private const int NoSpace = 28;

    private readonly string _subject = $"{repository}: {file.Path}";
    private readonly string _part = PartOf(file, target);
    private FileChecksum? _checksum = file.Checksum;
    private long? _size = file.Size;

    /// <summary>Bytes of a file that an earlier pull left.</summary>
    public static long BytesHere(HubFile file, string target) =>
        PartOf(file, target) is var part && File.Exists(part) ? new FileInfo(part).Length : 0;

    /// <summary>Fetches, verifies, and gives the file its name.</summary>
    /// <exception cref="HubException">It cannot be had, or what comes is not what the Hub lists.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        meter.Keep(BytesHere(file, target));
        string? wrong = null;
        // A wrong checksum may come of a part that broke off badly: the second time the file comes whole.
        for (var attempt = 0; attempt < 2; attempt++)
        {
            wrong = await FetchAsync(cancellation).ConfigureAwait(false);
            if (wrong is not null) continue;
            File.Move(_part, target, overwrite: true);
            return;
        }
        throw new HubException(
            $"{_subject}: what came has {wrong}. Fetched twice; nothing is kept. The server, or a proxy on the way, alters the file: try "
                + "another HF_ENDPOINT.");
    }

    /// <summary>Fetches what is missing; null where the content is right, else how it differs, the part then being gone.</summary>
    private async Task<string?> FetchAsync(CancellationToken cancellation)
    {
        await HubPull.RepeatAsync(options, () => ContinueAsync(cancellation), () => Length, meter.Note, cancellation).ConfigureAwait(false);
        var found = await _checksum!.OfFileAsync(_part, cancellation).ConfigureAwait(false);
        if (found == _checksum) return null;
        Discard();
        return $"the {found.Algorithm} {found.Hex}, the Hub lists {_checksum.Hex}";
    }

    private long Length => File.Exists(_part) ? new FileInfo(_part).Length : 0;

    private async Task<long> ContinueAsync(CancellationToken cancellation)
    {
        if (File.Exists(_part) && Length == _size && _checksum is not null) return Length;
        if (Length > _size) Discard();
        using var content = await OpenAsync(cancellation).ConfigureAwait(false);
        _checksum ??=
            content.Checksum
                ?? throw new HubException($"{_subject}: the server gives no checksum of it. What cannot be verified is not fetched.");
        _size ??= content.Size;
        if (content.From != Length)
        {
            if (content.From != 0)
                throw new HubInterruption($"{_subject}: asked for byte {Length} on, the server begins at {content.From}.");
            Discard();
        }
        try
        {
            await CopyAsync(content, cancellation).ConfigureAwait(false);
        }
        finally
        {
            meter.Pause();
        }
        if (_size is { } size && Length < size)
            throw new HubInterruption($"{_subject}: the transfer ended after {ByteSize.Text(Length)} of {ByteSize.Text(size)}.");
        return Length;
    }

    private async Task<HubContent> OpenAsync(CancellationToken cancellation)
    {
        try
        {
            return await client.OpenAsync(repository, commit, file.Path, Length, cancellation).ConfigureAwait(false);
        }
        catch (HubInterruption interruption) when (interruption.StartsOver)
        {
            Discard();
            throw;
        }
    }

    private async Task CopyAsync(HubContent content, CancellationToken cancellation)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var part = OpenPart();
        var buffer = new byte[BufferBytes];
        await using var body = await content.OpenAsync(cancellation).ConfigureAwait(false);
        while (true)
        {
            int read;
            try
            {
                stall.CancelAfter(options.StallTime);
                // The first bytes come together: they tell a pickle.
                read = await body.ReadAtLeastAsync(buffer, part.Position == 0 ? StartBytes : 1, throwOnEndOfStream: false, stall.Token)
                    .ConfigureAwait(false);
            }
            catch (Exception error) when (HubClient.IsTransfer(error, cancellation))
            {
                await part.FlushAsync(cancellation).ConfigureAwait(false);
                throw new HubInterruption(
                    $"{_subject}: the connection broke off after {ByteSize.Text(part.Length)} ({HubClient.Reason(error)}).", cause: error);
            }
            if (read == 0) break;
            if (part.Position == 0) RefusePickle(buffer.AsSpan(0, read));
            if (part.Position + read > _size)
                throw new HubException(
                    $"{_subject}: more comes than the {ByteSize.Text(_size.Value)} that the Hub lists. The server, or a proxy on the way, "
                        + "alters the file.");
            await WriteAsync(part, buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
            meter.Receive(read);
        }
        await part.FlushAsync(cancellation).ConfigureAwait(false);
    }

    private FileStream OpenPart()
    {
        try
        {
            // No buffer of its own: what was received is on the disk when a transfer breaks off.
            return new FileStream(_part, FileMode.Append, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous);
        }
        catch (IOException error) when (error is not (DirectoryNotFoundException or FileNotFoundException))
        {
            throw new HubException($"{_part}: cannot be written ({error.Message}). Another pull may be at work on it.", error);
        }
    }

    private async Task WriteAsync(FileStream part, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            await part.WriteAsync(bytes, cancellation).ConfigureAwait(false);
        }
        catch (IOException error) when (error.HResult == NoSpace)
        {
            throw new HubException($"{_part}: the disk is full. What has come is kept: make room, and the same pull goes on from there.",
                error);
        }
    }

    /// <summary>A file may be a pickle under another name; what is read here never begins like one.</summary>
    private void RefusePickle(ReadOnlySpan<byte> start)
    {
        // PyTorch's archive, or the protocol byte of a bare pickle. A safetensors file may begin with the same two bytes as the
        // latter, being those of its header's length, but the upper half of that length is always zero.
        var archive = start.StartsWith("PK\u0003\u0004"u8);
        var bare = start.Length >= StartBytes && start[0] == 0x80 && start[1] is >= 2 and <= 5
            && start[4..StartBytes].IndexOfAnyExcept((byte)0) >= 0;
        if (archive || bare)
            throw new HubException(
                $"{_subject}: its content is {(archive ? "a zip archive, such as PyTorch writes pickles into" : "a pickle")}, whatever its "
                    + "name. Pickles can run any code when loaded and are never fetched. Take a safetensors revision instead.");
    }

    private void Discard()
    {
        meter.Keep(-Length);
        File.Delete(_part);
    }

    private static string PartOf(HubFile file, string target) => $"{target}.{file.Checksum?.Hex[..12] ?? "unlisted"}.part";
}
