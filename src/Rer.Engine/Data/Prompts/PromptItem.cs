namespace Rer.Engine.Data.Prompts;

/// <summary>One row of a prompt set.</summary>
/// <param name="Index">Position in the file, from 0; error messages name it.</param>
/// <param name="Query">The prompt as the user wrote it, template not applied.</param>
/// <param name="Reference">A known good answer, where the set has one.</param>
/// <param name="QueryType">The annotated query type, where the set has one.</param>
public sealed record PromptItem(int Index, string Query, string? Reference, QueryType? QueryType)
{
    /// <summary>The sub-set the row came from (AlpacaEval's `dataset` field).</summary>
    public string? Dataset { get; init; }

    /// <summary>Relevance computed elsewhere, for the `precomputed` relevance model.</summary>
    public double? Relevance { get; init; }

    /// <summary>Whether a classifier, not a person, said what type the query is (`qtype_predicted`).</summary>
    public bool QueryTypeIsPredicted { get; init; }

    /// <summary>Line of the file where the row begins, from 1; 0 where it came from no file.</summary>
    public int Line { get; init; }
}
