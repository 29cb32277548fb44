using System.CommandLine;

namespace Rer.Cli.Remote;

/// <summary>`--server URL`: the command works on the runs of a dashboard instead of a store on this machine.</summary>
internal sealed class ServerOption : Option<string?>
{
    /// <summary>The environment variable that holds the server's token where the command line does not.</summary>
    private const string TokenVariable = "RER_SERVER_TOKEN";

    public ServerOption() : base("--server")
    {
        Description = "Address of a running dashboard; train, runs, show, export, pause, resume, extend and stop then act on it.";
        HelpName = "URL";
        Recursive = true;
    }

    /// <summary>`--server-token TOKEN`: what a dashboard that others reach asks for.</summary>
    public Option<string?> Token { get; } = new("--server-token")
    {
        Description = $"Token of that dashboard, where it asks for one; default ${TokenVariable}, which other users of this machine do not "
            + "see.",
        HelpName = "TOKEN",
        Recursive = true,
    };

    /// <summary>The server that the command line names; null where it names none.</summary>
    /// <exception cref="ArgumentException">The address or the token is none, or there is a token and no address.</exception>
    public RerServer? Open(ParseResult parsed)
    {
        var given = parsed.GetValue(Token);
        if (parsed.GetValue(this) is not { } address)
            return given is null ? null : throw new ArgumentException("--server-token: is of no use without --server.");
        return new RerServer(address, given ?? Environment.GetEnvironmentVariable(TokenVariable));
    }
}
