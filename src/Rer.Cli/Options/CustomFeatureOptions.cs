using System.CommandLine;
using Rer.Engine.Library;
using Rer.Engine.Options;
using Rer.Engine.Rewards;
using Rer.Engine.Rewards.Custom;

namespace Rer.Cli.Options;

/// <summary>Where designs find features of the user's own, and whether those in C# run: `--features FILE`, `--allow-code`.</summary>
internal sealed class CustomFeatureOptions
{
    private readonly Option<string> _file = new("--features")
    {
        Description = $"Features of your own that a design may use: the {FeatureCatalog.FileName} in the library folder of the dashboard's "
            + "store.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _allowCode = new("--allow-code")
    {
        Description = "Run features written in C#. Their code runs with your permissions.",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_file);
        command.Options.Add(_allowCode);
    }

    /// <summary>Lets features in C# run where the command line says so, and reads a design's text.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="text">The design's text or a preset's name.</param>
    /// <param name="store">Store whose features are taken where no file is named; null where there is none.</param>
    /// <exception cref="PlanException">The features or the design cannot be read.</exception>
    public RewardDesign Design(ParseResult parsed, string text, string? store = null)
    {
        AllowCode(parsed);
        try
        {
            var kept = store is null ? null : Path.Combine(StudyLibrary.In(store), FeatureCatalog.FileName);
            var file = parsed.GetValue(_file) ?? (File.Exists(kept) ? kept : null);
            return RewardDesign.TryParse(text, file is null ? [] : FeatureCatalog.Read(file), out var design, out var error)
                ? design
                : throw new PlanException([new PlanError("design", "", error)]);
        }
        catch (InvalidDataException error)
        {
            throw new PlanException([new PlanError("features", "", error.Message)]);
        }
    }

    /// <summary>Lets features in C# run where the command line says so.</summary>
    public void AllowCode(ParseResult parsed)
    {
        if (parsed.GetValue(_allowCode)) AppContext.SetSwitch(CodeFeatures.Switch, true);
    }
}
