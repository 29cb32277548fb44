using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Rer.Engine.Data;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Library;
using Rer.Engine.Options;
using Rer.Engine.Rewards;
using Rer.Engine.Rewards.BuiltIn;
using Rer.Web.Access;
using Rer.Web.Formatting;

namespace Rer.Web.Components.Library;

/// <summary>A file becomes a prompt set: its fields are mapped, and what it lacks is said before anything is written.</summary>
public sealed partial class ImportPanel
{
    /// <summary>Largest file that may be sent, in bytes.</summary>
    public const long LargestFile = 64L << 20;

    private const int LinesShown = 3, MostLines = 500;

    private PromptImport? _import;
    private PromptImportResult _result = new([], [], [], [], [], 0);
    private string _path = "";
    private string _name = "";
    private string? _error;

    /// <summary>Where it goes.</summary>
    [Parameter, EditorRequired] public StudyLibrary Library { get; set; } = default!;

    [Inject] private DataRoots Roots { get; set; } = default!;

    /// <summary>It was imported; the file's path.</summary>
    [Parameter] public EventCallback<string> Done { get; set; }

    private IEnumerable<Finding> Findings
    {
        get
        {
            var (bad, empty, untyped, unreferenced) =
                (_result.Bad, Lines(_result.Empty), Lines(_result.Untyped), Lines(_result.Unreferenced));
            if (bad.Count > 0)
            {
                var more = bad.Count > LinesShown ? $" And {Display.Count(bad.Count - LinesShown)} more." : "";
                yield return new("bad", "x", $"{Display.Plural(bad.Count, "row")} that cannot be read",
                    $"{string.Join(" ", bad.Take(LinesShown))}{more} {Left(bad.Count)}", bad);
            }

            if (empty.Count > 0)
                yield return new("bad", "x", $"{Display.Plural(empty.Count, "row")} without a query",
                    $"{Some(_result.Empty)}. {Left(empty.Count)}", empty);
            if (untyped.Count > 0)
                yield return new("warn", "warn", $"{Display.Plural(untyped.Count, "item")} without a query type",
                    $"{Some(_result.Untyped)}. Branching designs cannot use them; others can. Types can be set afterwards.", untyped);
            if (unreferenced.Count > 0)
                yield return new("warn", "warn", $"{Display.Plural(unreferenced.Count, "item")} without a reference",
                    $"{Some(_result.Unreferenced)}. Designs with {RewardFeatures.Reading(FeatureNeeds.Reference)} cannot use them.",
                    unreferenced);
            if (_result.Duplicates > 0)
                yield return new("info", "info", $"{Display.Plural(_result.Duplicates, "query", "queries")} repeated", "They are kept.",
                    []);
            yield return new(_result.Complete > 0 ? "good" : "info", _result.Complete > 0 ? "check" : "info",
                $"{Display.Plural(_result.Complete, "item")} can be used by every design", $"of {Display.Count(_result.Items.Count)}.", []);
        }
    }

    private static string? Chosen(ChangeEventArgs e) => e.Value?.ToString() is { Length: > 0 } text ? text : null;

    private static QueryType? TypeFrom(ChangeEventArgs e) => Enum.TryParse<QueryType>(e.Value?.ToString(), out var type) ? type : null;

    private static string Left(int rows) => rows == 1 ? "It is left out." : "They are left out.";

    private static IReadOnlyList<string> Lines(IReadOnlyList<int> lines) => [.. lines.Select(l => $"line {Display.Count(l)}")];

    private static string Some(IReadOnlyList<int> lines) =>
        $"Line{(lines.Count == 1 ? "" : "s")} {string.Join(", ", lines.Take(LinesShown).Select(l => Display.Count(l)))}"
            + (lines.Count > LinesShown ? $" and {Display.Count(lines.Count - LinesShown)} more" : "");

    private async Task Upload(InputFileChangeEventArgs e)
    {
        if (e.File.Size > LargestFile)
        {
            _error = $"{e.File.Name} has {Display.Size(e.File.Size)}; at most {Display.Size(LargestFile)} can be sent. Open it where the "
                + "server runs instead.";
            return;
        }
        using var content = new MemoryStream();
        await using (var stream = e.File.OpenReadStream(LargestFile)) await stream.CopyToAsync(content);
        Begin(() => PromptImport.Read(e.File.Name, content.ToArray()));
    }

    private void Open() => Begin(() =>
    {
        var path = _path.Trim();
        Roots.RequireFile("file", path);
        return PromptImport.ReadFile(path);
    });

    private void Begin(Func<PromptImport> read)
    {
        _error = null;
        try
        {
            _import = read();
            _name = _import.SuggestedName();
            Build();
        }
        catch (PlanException error)
        {
            _error = string.Join(' ', error.Errors.Select(e => $"{e.Value} {e.Message}"));
        }
        catch (Exception error) when (error is DataFileException or ArgumentException)
        {
            _error = error.Message;
        }
    }

    private void Build() => _result = _import!.Build();

    private async Task Import()
    {
        try
        {
            await Done.InvokeAsync(Library.Import(_name.Trim(), _result.Items));
        }
        catch (Exception error) when (error is ArgumentException or IOException or UnauthorizedAccessException)
        {
            _error = error.Message;
        }
    }

    private sealed record Finding(string Class, string Image, string Title, string Text, IReadOnlyList<string> Every);
}
