using System.Globalization;

namespace Rer.Engine.Hub;

/// <summary>
/// Fetches a repository's files into a folder. What is there already and right is kept; what broke off goes on where it stopped, now
/// and in a later pull; every file's checksum is verified before it gets its name. A pickle is never fetched.
/// </summary>
/// <param name="options">How the Hub is reached.</param>
public sealed class HubPull(HubOptions options)
{
    /// <summary>Disk space left free, in bytes: what else writes to the disk needs some.</summary>
    private const long Reserve = 64L << 20;

    /// <summary>Fetches.</summary>
    /// <param name="request">What, and where to.</param>
    /// <param name="progress">Told a few times per second how far it is.</param>
    /// <param name="cancellation">Stops; what has come so far stays for a later pull.</param>
    /// <exception cref="HubException">It cannot be fetched, or not whole; the message says what, why, and what would help.</exception>
    public async Task<PullResult> RunAsync(PullRequest request, IProgress<PullProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        using var client = new HubClient(options);
        var (repository, folder) = (request.Repository, Path.GetFullPath(request.Folder));
        var listing = await RepeatAsync(options, () => client.ListAsync(repository, request.Revision, cancellation), null, Waiting,
            cancellation).ConfigureAwait(false);
        foreach (var file in listing.Files)
        {
            if (file.Fault is { } fault)
                throw new HubException(
                    $"{repository}: the listing names '{string.Concat(file.Path.Where(c => !char.IsControl(c)))}', which {fault}. Nothing "
                        + "was fetched.");
        }
        var choice = PullChoice.Of(repository, listing.Files, request.Include);
        var meter = new PullMeter(progress, options.Time, choice.Taken.Count, choice.Taken.Sum(file => file.Size ?? 0));
        var present = await PresentAsync(folder, repository, choice.Taken, meter, cancellation).ConfigureAwait(false);
        CheckSpace(folder, repository, choice.Taken.Except(present));
        new PullRecord(repository.ToString(), request.Revision, listing.Commit).Write(folder);

        foreach (var file in choice.Taken)
        {
            meter.Begin(file.Path);
            if (present.Contains(file)) meter.Keep(file.Size ?? 0);
            else
                await new FileTransfer(client, options, repository, listing.Commit, file, Target(folder, file), meter)
                    .RunAsync(cancellation).ConfigureAwait(false);
            meter.End();
        }
        return new PullResult(folder, listing.Commit, choice.Taken.Count - present.Count, present.Count, meter.Bytes, choice.Pickles,
            choice.Others);

        void Waiting(string note) => progress?.Report(new PullProgress("", 0, 0, 0, 0, 0, null, note));
    }

    /// <summary>Does something that may be interrupted until it is done, fails for good, or has failed too often.</summary>
    internal static async Task<T> RepeatAsync<T>(
        HubOptions options, Func<Task<T>> work, Func<long>? progress, Action<string>? note, CancellationToken cancellation)
    {
        var (failures, before, wait) = (0, progress?.Invoke() ?? 0, options.FirstWait);
        while (true)
        {
            try
            {
                return await work().ConfigureAwait(false);
            }
            catch (HubInterruption interruption)
            {
                // Only failures in a row count: a long transfer over a poor line may be cut any number of times.
                var now = progress?.Invoke() ?? 0;
                if (now > before) (failures, wait) = (0, options.FirstWait);
                before = now;
                if (++failures >= options.Attempts)
                    throw new HubException(
                        $"{interruption.Message} Tried {failures} "
                            + $"times.{(progress is null ? "" : " What has come is kept; the same pull goes on from there.")}",
                            interruption);
                var rest = Longer(wait, interruption.Wait ?? TimeSpan.Zero);
                note?.Invoke($"{interruption.Message} New attempt in {rest.TotalSeconds.ToString("F0", CultureInfo.InvariantCulture)} s.");
                await Task.Delay(rest, options.Time, cancellation).ConfigureAwait(false);
                wait = wait * 2 < options.LongestWait ? wait * 2 : options.LongestWait;
            }
        }
    }

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static string Target(string folder, HubFile file) => Path.Combine(folder, file.Path.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>The files that are in the folder already, with the right content.</summary>
    private static async Task<IReadOnlySet<HubFile>> PresentAsync(
        string folder, HubRepository repository, IReadOnlyList<HubFile> files, PullMeter meter, CancellationToken cancellation)
    {
        var present = new HashSet<HubFile>();
        var replaceable = PullRecord.Covers(folder, repository);
        foreach (var file in files)
        {
            var target = Target(folder, file);
            if (!File.Exists(target)) continue;
            meter.Begin(file.Path);
            if (file.Checksum is { } checksum && await checksum.OfFileAsync(target, cancellation).ConfigureAwait(false) == checksum)
                present.Add(file);
            else if (!replaceable)
                throw new HubException(
                    $"{target}: is there already, and differs from the file of {repository}. Pull into another folder; nothing is written "
                        + "over.");
        }
        return present;
    }

    private void CheckSpace(string folder, HubRepository repository, IEnumerable<HubFile> files)
    {
        Directory.CreateDirectory(folder);
        var needed = files.Sum(file => (file.Size ?? 0) - FileTransfer.BytesHere(file, Target(folder, file)));
        var free = options.FreeSpace(folder);
        if (needed + Reserve > free)
            throw new HubException(
                $"{folder}: {repository} needs {ByteSize.Text(needed)} more, and {ByteSize.Text(Reserve)} are left free; the disk has "
                    + $"{ByteSize.Text(Math.Max(0, free))}. Nothing was fetched. Make room, or pull to another disk.");
    }
}
