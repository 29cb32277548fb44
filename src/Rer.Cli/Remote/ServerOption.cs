using System.CommandLine;

namespace Rer.Cli.Remote;

/// <summary>`--server URL`: the command works on the runs of a dashboard instead of a store on this machine.</summary>
internal sealed class ServerOption : Option<string?>
{
    public ServerOption() : base("--server")
    {
        Description = "Address of a running dashboard: train, runs, show, export, pause, resume, extend and stop then work there.";
        HelpName = "URL";
        Recursive = true;
    }

    /// <summary>The server that the command line names; null where it names none.</summary>
    /// <exception cref="ArgumentException">The address is none.</exception>
    public RerServer? Open(ParseResult parsed) => parsed.GetValue(this) is { } address ? new RerServer(address) : null;
}
