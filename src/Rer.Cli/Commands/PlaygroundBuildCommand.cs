using System.CommandLine;
using Rer.Engine.Playground;

namespace Rer.Cli.Commands;

/// <summary>`rer playground build`: data sets, tokenizer, policy and gold model, from seeds.</summary>
internal sealed class PlaygroundBuildCommand : Command
{
    private static readonly PlaygroundBuildOptions _defaults = new();

    private readonly CommandConsole _console;
    private readonly Option<string> _out = new("--out") { Description = "Folder to build in.", HelpName = "DIR", DefaultValueFactory = _ => Path.Combine("data", "playground") };
    private readonly Option<int> _seed = new("--seed") { Description = "Seed of the world, the data, the models and their training.", DefaultValueFactory = _ => _defaults.Seed };
    private readonly Option<int> _threads = new("--threads") { Description = "CPU threads; the weights depend on it in the last bits.", DefaultValueFactory = _ => _defaults.Threads };

    public PlaygroundBuildCommand(CommandConsole console)
        : base("build", "Build the playground: data sets, tokenizer, policy, gold model.")
    {
        _console = console;
        foreach (var option in new Option[] { _out, _seed, _threads }) Options.Add(option);
        SetAction(Build);
    }

    private int Build(ParseResult parsed)
    {
        var options = _defaults with { Seed = parsed.GetRequiredValue(_seed), Threads = parsed.GetRequiredValue(_threads) };
        new PlaygroundBuild(parsed.GetRequiredValue(_out), options, _console.Error.WriteLine).Run();
        return ExitCode.Ok;
    }
}
