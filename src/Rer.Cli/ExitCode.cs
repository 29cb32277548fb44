namespace Rer.Cli;

/// <summary>What the process returns.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The command was right and its work failed.</summary>
    public const int Failed = 1;

    /// <summary>The command itself is wrong; nothing was done.</summary>
    public const int BadArguments = 2;
}
