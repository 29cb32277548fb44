using Spectre.Console;

namespace Rer.Cli.Output;

/// <summary>Where some work stands: on a terminal a bar that is drawn over, in a pipe a line now and then.</summary>
internal sealed class StatusLine(CommandConsole console)
{
    private static readonly TimeSpan _plainInterval = TimeSpan.FromSeconds(15);

    private DateTimeOffset _lastPlain = DateTimeOffset.UtcNow;
    private Bar? _bar;

    /// <summary>Shows where the work stands; in a pipe only when the last line is old enough.</summary>
    /// <param name="share">Share done, in [0, 1]; null where it is not known.</param>
    /// <param name="text">What stands beside the bar.</param>
    public void Show(double? share, Func<string> text)
    {
        if (console.Terminal is { } terminal) (_bar ??= new Bar(terminal)).Show(share, text() is { Length: > 0 } line ? line : "...");
        else if (DateTimeOffset.UtcNow - _lastPlain >= _plainInterval)
        {
            _lastPlain = DateTimeOffset.UtcNow;
            console.Error.WriteLine(text());
        }
    }

    /// <summary>Takes the bar away.</summary>
    public void Clear()
    {
        _bar?.Dispose();
        _bar = null;
    }

    /// <summary>A bar on a terminal until it is disposed of.</summary>
    private sealed class Bar : IDisposable
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Task _drawn;
        private readonly ProgressTask _task;

        public Bar(IAnsiConsole terminal)
        {
            var started = new TaskCompletionSource<ProgressTask>(TaskCreationOptions.RunContinuationsAsynchronously);
            var words = new TaskDescriptionColumn { Alignment = Justify.Left };
            var progress = terminal.Progress().AutoClear(true)
                .Columns(new ProgressBarColumn { Width = 24 }, words);
            // On a thread of the pool: what it awaits must not come back to a caller that waits for it.
            _drawn = Task.Run(() => progress.StartAsync(context =>
            {
                started.SetResult(context.AddTask("...", maxValue: 1));
                return _ended.Task;
            }));
            if (Task.WaitAny(started.Task, _drawn) == 1) _drawn.GetAwaiter().GetResult();
            _task = started.Task.Result;
        }

        public void Show(double? share, string text)
        {
            _task.IsIndeterminate = share is null;
            _task.Value = share ?? 0;
            _task.Description = Markup.Escape(text);
        }

        public void Dispose()
        {
            _ended.TrySetResult();
            _drawn.GetAwaiter().GetResult();
        }
    }
}
