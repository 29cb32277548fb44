using System.CommandLine;
using Rer.Cli.Options;
using Rer.Cli.Output;
using Rer.Engine.Hub;
using Rer.Engine.Library;

namespace Rer.Cli.Commands;

/// <summary>`rer pull`: fetches a model or a data set from the Hugging Face Hub.</summary>
internal sealed class PullCommand : Command
{
    private readonly CommandConsole _console;
    private readonly Argument<string> _repository =
        new("OWNER/NAME") { Description = "Repository on the Hub; datasets/OWNER/NAME for data." };
    private readonly Option<string> _revision =
        new("--revision") { Description = "Branch, tag or commit.", HelpName = "REV", DefaultValueFactory = _ => "main" };

    private readonly Option<string[]> _include = new("--include")
    {
        Description = "Only files that match, such as '*.json'; may be given more than once. Without it: weights in safetensors, "
            + "configuration, tokenizer, card; of a data set its JSON and CSV files. Pickles are never fetched.",
        HelpName = "PATTERN",
    };

    private readonly Option<string> _out = new("--out")
    {
        Description = "Folder for the files. Default library/OWNER/NAME in the store, where the dashboard lists it.",
        HelpName = "DIR",
    };
    private readonly Option<string> _store = new StoreOption();

    public PullCommand(CommandConsole console)
        : base("pull",
            "Fetch a model or a data set from the Hugging Face Hub, verified; the same command again goes on where it broke off. HF_TOKEN "
                + "is the token, HF_ENDPOINT a mirror.")
    {
        _console = console;
        Arguments.Add(_repository);
        foreach (var option in new Option[] { _revision, _include, _out, _store }) Options.Add(option);
        SetAction(Pull);
    }

    private int Pull(ParseResult parsed)
    {
        var repository = HubRepository.Parse(parsed.GetRequiredValue(_repository));
        var folder = parsed.GetValue(_out) ?? StudyLibrary.FolderOf(parsed.GetRequiredValue(_store), repository);
        var request = new PullRequest(repository, folder)
        {
            Revision = parsed.GetRequiredValue(_revision),
            Include = parsed.GetValue(_include) ?? [],
        };
        using var stop = new StopSignals(_console, "Stopping; what has come is kept. Once more ends at once.");
        var display = new PullDisplay(_console);
        try
        {
            var result = new HubPull(HubOptions.FromEnvironment()).RunAsync(request, display, stop.Token).GetAwaiter().GetResult();
            display.Clear();
            Report(request, result);
            return ExitCode.Ok;
        }
        catch (OperationCanceledException)
        {
            display.Clear();
            _console.Error.WriteLine("Stopped. The same command goes on from there.");
            return stop.Exit(ExitCode.Failed);
        }
        finally
        {
            display.Clear();
        }
    }

    private void Report(PullRequest request, PullResult result)
    {
        _console.Error.WriteLine(
            $"{request.Repository} at {result.Commit}: {result.Fetched} files fetched, {result.Present} were there, "
                + $"{ByteSize.Text(result.Bytes)}, every checksum right.");
        if (result.Pickles.Count > 0) _console.Error.WriteLine($"Left out, being pickles: {string.Join(", ", result.Pickles)}.");
        if (result.Others.Count > 0 && request.Include.Count == 0)
            _console.Error.WriteLine($"Left out, --include takes them: {Few(result.Others)}.");
        // Alone on standard output, so that it can be handed on: rer inspect "$(rer pull OWNER/NAME)".
        _console.Out.WriteLine(result.Folder);
    }

    private static string Few(IReadOnlyList<string> names)
    {
        const int shown = 6;
        return string.Join(", ", names.Take(shown)) + (names.Count > shown ? $" and {names.Count - shown} more" : "");
    }
}
