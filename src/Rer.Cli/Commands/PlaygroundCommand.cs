using System.CommandLine;

namespace Rer.Cli.Commands;

/// <summary>`rer playground`: the small world that ships.</summary>
internal sealed class PlaygroundCommand : Command
{
    public PlaygroundCommand(CommandConsole console)
        : base("playground", "The small world that ships: build its data and models anew, repeat its study.")
    {
        Subcommands.Add(new PlaygroundBuildCommand(console));
        Subcommands.Add(new PlaygroundStudyCommand(console));
    }
}
