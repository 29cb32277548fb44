using System.Runtime.InteropServices;

namespace Rer.Cli;

/// <summary>Ctrl-C and SIGTERM as a token: the first asks for a clean stop, the second ends the process at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CommandConsole _console;
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;

    private readonly string _notice;
    private PosixSignal? _came;

    /// <param name="console">Where the notice goes.</param>
    /// <param name="notice">What is said when the first comes.</param>
    public StopSignals(CommandConsole console, string notice = "Stopping after this step. Once more ends at once.")
    {
        (_console, _notice) = (console, notice);
        _registrations =
            [PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop)];
    }

    public CancellationToken Token => _stop.Token;

    /// <summary>The process's exit code: that of the signal where one came, else the command's own.</summary>
    /// <param name="own">The command's own.</param>
    public int Exit(int own) => _came switch
    {
        PosixSignal.SIGINT => ExitCode.Interrupted,
        PosixSignal.SIGTERM => ExitCode.Terminated,
        _ => own,
    };

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _stop.Dispose();
    }

    private void Stop(PosixSignalContext signal)
    {
        if (_stop.IsCancellationRequested) return;
        (_came, signal.Cancel) = (signal.Signal, true);
        _console.Error.WriteLine();
        _console.Error.WriteLine(_notice);
        _stop.Cancel();
    }
}
