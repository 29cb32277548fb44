using System.CommandLine;
using Rer.Engine.Data.Prompts;

namespace Rer.Cli.Options;

/// <summary>Which fields of a prompt set hold what: `--columns query=question,reference=answer`.</summary>
internal sealed class ColumnsOption : Option<string>
{
    public ColumnsOption() : base("--columns")
    {
        Description = "Field names where they are not the usual ones, such as query=question,reference=answer. Parts: query, reference, "
            + "qtype, dataset, relevance.";
        HelpName = "MAP";
    }

    /// <summary>The mapping; null where none was given.</summary>
    /// <exception cref="FormatException">It has another form.</exception>
    public PromptColumns? Read(ParseResult parsed) => parsed.GetValue(this) is { } text ? PromptColumns.Parse(text) : null;
}
