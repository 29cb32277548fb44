namespace Rer.Engine.Data;

/// <summary>Which fields of a file hold what a prompt set needs, where they have names of their own; null keeps the usual names.</summary>
public sealed record PromptColumns
{
    /// <summary>Field of the query; usually `input` or `instruction`.</summary>
    public string? Query { get; init; }

    /// <summary>Field of the reference; usually `output`.</summary>
    public string? Reference { get; init; }

    /// <summary>Field of the query type; usually `qtype`.</summary>
    public string? QueryType { get; init; }

    /// <summary>Field of the sub-set's name; usually `dataset`.</summary>
    public string? Dataset { get; init; }

    /// <summary>Field of a relevance computed elsewhere; usually `relevance`.</summary>
    public string? Relevance { get; init; }

    /// <summary>The fields named here.</summary>
    internal IEnumerable<string> Named => new[] { Query, Reference, QueryType, Dataset, Relevance }.OfType<string>();

    /// <summary>Reads `query=question,reference=answer`.</summary>
    /// <exception cref="FormatException">A part has another form; the message lists what can be mapped.</exception>
    public static PromptColumns Parse(string text)
    {
        var columns = new PromptColumns();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = part.Split('=', 2, StringSplitOptions.TrimEntries);
            var (role, field) = parts.Length == 2 ? (parts[0], parts[1]) : (part, "");
            columns = (role, field) switch
            {
                (_, "") => throw Bad(part),
                ("query", _) => columns with { Query = field },
                ("reference", _) => columns with { Reference = field },
                ("qtype", _) => columns with { QueryType = field },
                ("dataset", _) => columns with { Dataset = field },
                ("relevance", _) => columns with { Relevance = field },
                _ => throw Bad(part),
            };
        }

        return columns;
    }

    private static FormatException Bad(string part) =>
        new(
            $"column mapping '{part}' is not known. Write NAME=FIELD with one of query, reference, qtype, dataset, relevance, joined by commas.");
}
