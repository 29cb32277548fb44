using Rer.Engine.Hub;

namespace Rer.Cli.Output;

/// <summary>A pull in progress on a console.</summary>
internal sealed class PullDisplay(CommandConsole console) : IProgress<PullProgress>
{
    private readonly StatusLine _status = new(console);
    private string? _note;

    public void Report(PullProgress value)
    {
        if (value.Note is not null && value.Note != _note)
        {
            Clear();
            console.Error.WriteLine(value.Note);
        }

        _note = value.Note;
        if (value.AllFiles > 0) _status.Show(value.AllBytes > 0 ? (double)value.Bytes / value.AllBytes : null, () => Where(value));
    }

    /// <summary>Takes the progress line away.</summary>
    public void Clear() => _status.Clear();

    private static string Where(PullProgress progress)
    {
        var parts = new List<string> { $"{progress.Files}/{progress.AllFiles} files",
            $"{ByteSize.Text(progress.Bytes)} of {ByteSize.Text(progress.AllBytes)}" };
        if (progress.AllBytes > 0) parts.Add($"{100 * progress.Bytes / progress.AllBytes}%");
        if (progress.BytesPerSecond > 0) parts.Add($"{ByteSize.Text(progress.BytesPerSecond)}/s");
        if (progress.Remaining is { } left) parts.Add($"{Figures.Duration(left)} left");
        if (progress.File.Length > 0) parts.Add(progress.File);
        return string.Join("  ", parts);
    }
}
