namespace Rer.Cli;

/// <summary>What the process returns.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The command was right and its work failed.</summary>
    public const int Failed = 1;

    /// <summary>The command itself is wrong; nothing was done.</summary>
    public const int BadArguments = 2;

    /// <summary>Ctrl-C, as shells write it: 128 and the signal's number.</summary>
    public const int Interrupted = 128 + 2;

    /// <summary>SIGTERM.</summary>
    public const int Terminated = 128 + 15;
}
