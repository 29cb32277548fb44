using System.CommandLine;
using Rer.Cli.Options;
using Rer.Engine.Playground;

namespace Rer.Cli.Commands;

/// <summary>`rer playground build`: data sets, tokenizer, policy and gold model, from seeds.</summary>
internal sealed class PlaygroundBuildCommand : Command
{
    private static readonly PlaygroundBuildOptions _defaults = new();

    private readonly CommandConsole _console;
    private readonly Option<string> _out = new("--out")
    {
        Description = "Folder to build in.",
        HelpName = "DIR",
        DefaultValueFactory = _ => Path.Combine("data", "playground"),
    };
    private readonly Option<int> _seed = new("--seed")
    {
        Description = "Seed of the world, the data, the models and their training.",
        DefaultValueFactory = _ => _defaults.Seed,
    };
    private readonly Option<int> _threads = new Option<int>("--threads")
    {
        Description = "CPU threads; the weights depend on it in the last bits.",
        DefaultValueFactory = _ => _defaults.Threads,
    }.Within(1, OptionBounds.MostThreads);

    private readonly Option<string?> _part = new Option<string?>("--part")
    {
        Description = "Build this part alone, from those before it in the folder; all where it is not given.",
    }.AcceptOnlyFromAmong("data", "tokenizer", "policy", "gold");

    public PlaygroundBuildCommand(CommandConsole console)
        : base("build",
            "Build the playground: data sets, tokenizer, policy, gold model. Takes about three quarters of an hour on one core.")
    {
        _console = console;
        foreach (var option in new Option[] { _out, _part, _seed, _threads }) Options.Add(option);
        SetAction(Build);
    }

    private int Build(ParseResult parsed)
    {
        var options = _defaults with { Seed = parsed.GetRequiredValue(_seed), Threads = parsed.GetRequiredValue(_threads) };
        var build = new PlaygroundBuild(parsed.GetRequiredValue(_out), options, _console.Error.WriteLine);
        switch (parsed.GetValue(_part))
        {
            case "data": build.WriteData(); break;
            case "tokenizer": build.TrainTokenizer(); break;
            case "policy": build.TrainPolicy(); break;
            case "gold": build.TrainGold(); break;
            default: build.Run(); break;
        }

        return ExitCode.Ok;
    }
}
