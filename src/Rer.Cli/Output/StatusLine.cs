namespace Rer.Cli.Output;

/// <summary>Where some work stands: on a terminal a line that is written over, in a pipe a line now and then.</summary>
internal sealed class StatusLine(CommandConsole console)
{
    private static readonly TimeSpan _plainInterval = TimeSpan.FromSeconds(15);

    private DateTimeOffset _lastPlain = DateTimeOffset.UtcNow;
    private int _shown;

    /// <summary>Shows a line; in a pipe only when the last one is old enough.</summary>
    public void Show(Func<string> text)
    {
        if (console.IsTerminal)
        {
            var line = text();
            if (line.Length >= console.Width) line = line[..(console.Width - 1)];
            console.Error.Write($"\r{line.PadRight(_shown)}");
            _shown = line.Length;
        }
        else if (DateTimeOffset.UtcNow - _lastPlain >= _plainInterval)
        {
            _lastPlain = DateTimeOffset.UtcNow;
            console.Error.WriteLine(text());
        }
    }

    /// <summary>Takes the line away.</summary>
    public void Clear()
    {
        if (_shown == 0) return;
        console.Error.Write($"\r{new string(' ', _shown)}\r");
        _shown = 0;
    }
}
