using System.Globalization;
using Rer.Engine.Storage;

namespace Rer.Engine.Runs.Session;

/// <summary>
/// Checkpoints of a run, `checkpoints/step-00000500` below its folder. One appears whole or not at all: it is written beside its
/// place, flushed, and renamed. The checksum of every file stands in its `SHA256SUMS`, as `sha256sum -c` reads it.
/// </summary>
/// <param name="runFolder">The run's folder.</param>
internal sealed class CheckpointFolder(string runFolder)
{
    private const string Prefix = "step-";
    private const string Unfinished = ".writing";
    private readonly string _root = Path.Combine(runFolder, "checkpoints");

    /// <summary>Steps that have a checkpoint, in order. Whatever else lies there is passed over.</summary>
    public IReadOnlyList<int> Steps => !Directory.Exists(_root) ? [] :
        [.. Directory.EnumerateDirectories(_root, Prefix + "*").Select(StepOf).OfType<int>().Order()];

    /// <summary>Where the checkpoint of <paramref name="step"/> lies.</summary>
    public string PathOf(int step) => Path.Combine(_root, $"{Prefix}{step:d8}");

    /// <summary>
    /// What is wrong with the files of a checkpoint: one is missing, or is not what was written. Null where nothing is, and where the
    /// checkpoint has no checksums, as those of earlier versions.
    /// </summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public string? Damage(int step) => ChecksumFile.Damage(PathOf(step));

    /// <summary>Writes the checkpoint of <paramref name="step"/> through <paramref name="write"/>, which fills an empty folder.</summary>
    /// <returns>The checkpoint's folder, relative to the run's.</returns>
    /// <exception cref="IOException">The disk is full or cannot be written; checkpoints that stood before still stand.</exception>
    public string Save(int step, Action<string> write)
    {
        var place = PathOf(step);
        var temporary = place + Unfinished;
        try
        {
            if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
            Directory.CreateDirectory(temporary);
            write(temporary);
            ChecksumFile.Write(temporary);
            foreach (var file in Directory.EnumerateFiles(temporary)) Flush(file);
            if (Directory.Exists(place)) Directory.Delete(place, recursive: true);
            Directory.Move(temporary, place);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            TryDelete(temporary);
            throw new IOException(
                $"{place}: the checkpoint of step {step} could not be written ({error.Message.TrimEnd('.')}). "
                + "Earlier checkpoints stand. Free some space or make the folder writable, then resume.", error);
        }

        return Path.GetRelativePath(runFolder, place);
    }

    private int? StepOf(string folder)
    {
        // `step-5` and a number beyond any step's are no checkpoints of this program.
        var name = Path.GetFileName(folder);
        return int.TryParse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var step)
            && Path.GetFileName(PathOf(step)) == name ? step : null;
    }

    private static void Flush(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        stream.Flush(flushToDisk: true);
    }

    private static void TryDelete(string folder)
    {
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // What cannot be removed now is removed by the next save of the same step; the error that matters is the first.
        }
    }
}
