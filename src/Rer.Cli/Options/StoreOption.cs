using System.CommandLine;
using Rer.Engine.Storage;

namespace Rer.Cli.Options;

/// <summary>The store a command reads: `--store DIR`.</summary>
internal sealed class StoreOption : Option<string>
{
    public const string DefaultFolder = "runs";

    public StoreOption() : base("--store")
    {
        Description = "Folder of the run store.";
        HelpName = "DIR";
        DefaultValueFactory = _ => DefaultFolder;
    }

    public RunStore Open(ParseResult parsed) => RunStore.Open(parsed.GetRequiredValue(this), create: false);
}
