using System.CommandLine;
using Rer.Cli.Options;

namespace Rer.Cli.Remote;

/// <summary>Where a command reads runs: `--store DIR`, or the server where one is named.</summary>
internal sealed class RunSourceOption(ServerOption server)
{
    private readonly StoreOption _store = new();

    public void AddTo(Command command) => command.Options.Add(_store);

    /// <exception cref="ArgumentException">Both are given.</exception>
    public IRunSource Open(ParseResult parsed)
    {
        if (server.Open(parsed) is not { } found) return new StoredRuns(_store.Open(parsed));
        if (parsed.GetResult(_store) is { Implicit: false }) throw new ArgumentException("--server and --store: give one of them.");
        return found;
    }
}
