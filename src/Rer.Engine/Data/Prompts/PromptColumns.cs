namespace Rer.Engine.Data.Prompts;

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
    internal IEnumerable<string?> Named => [Query, Reference, QueryType, Dataset, Relevance];

    /// <summary>Reads `query=question,reference=answer`.</summary>
    /// <exception cref="FormatException">A part has another form; the message lists what can be mapped.</exception>
    public static PromptColumns Parse(string text)
    {
        var fields = ColumnMapping.Parse(text, "query", "reference", "qtype", "dataset", "relevance");
        return new PromptColumns
        {
            Query = fields.GetValueOrDefault("query"),
            Reference = fields.GetValueOrDefault("reference"),
            QueryType = fields.GetValueOrDefault("qtype"),
            Dataset = fields.GetValueOrDefault("dataset"),
            Relevance = fields.GetValueOrDefault("relevance"),
        };
    }

    /// <summary>The text <see cref="Parse"/> reads.</summary>
    public override string ToString() =>
        ColumnMapping.Text(("query", Query), ("reference", Reference), ("qtype", QueryType), ("dataset", Dataset),
            ("relevance", Relevance));
}
