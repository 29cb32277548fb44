using Rer.Engine.Data;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Input;

namespace Rer.Engine.Library;

/// <summary>What a prompt set holds.</summary>
public sealed record PromptSetSummary
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>The file's name without extension.</summary>
    public required string Name { get; init; }

    /// <summary>Items.</summary>
    public int Items { get; init; }

    /// <summary>Items of the open-ended type.</summary>
    public int OpenEnded { get; init; }

    /// <summary>Items of the closed-ended type.</summary>
    public int ClosedEnded { get; init; }

    /// <summary>Items without a type.</summary>
    public int Untyped { get; init; }

    /// <summary>Items with a reference.</summary>
    public int References { get; init; }

    /// <summary>Bytes of the file.</summary>
    public long Bytes { get; init; }

    /// <summary>Why it cannot be read; null where it can.</summary>
    public string? Problem { get; init; }

    /// <summary>Reads a file; one that cannot be read is summarised all the same, with its <see cref="Problem"/>.</summary>
    public static PromptSetSummary Read(string path)
    {
        var empty = new PromptSetSummary
        {
            Path = path,
            Name = System.IO.Path.GetFileNameWithoutExtension(path),
            Bytes = InputFile.Exists(path) ? InputFile.Length(path) : 0
        };
        try
        {
            var prompts = PromptSet.Load(path);
            return empty with
            {
                Items = prompts.Count,
                OpenEnded = prompts.CountOf(QueryType.OpenEnded),
                ClosedEnded = prompts.CountOf(QueryType.ClosedEnded),
                Untyped = prompts.CountOf(null),
                References = prompts.Items.Count(i => i.Reference is not null),
            };
        }
        catch (Exception e) when (e is IOException or DataFileException or UnauthorizedAccessException)
        {
            return empty with { Problem = e.Message };
        }
    }
}
