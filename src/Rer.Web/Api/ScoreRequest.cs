using Rer.Engine.Data.Prompts;

namespace Rer.Web.Api;

/// <summary>Responses to score.</summary>
/// <param name="Design">A design's text or a preset's name.</param>
/// <param name="Items">The responses.</param>
public sealed record ScoreRequest(string Design, IReadOnlyList<ScoreItem> Items)
{
    /// <summary>`lexical`, `precomputed`, or `contriever:FOLDER`.</summary>
    public string Relevance { get; init; } = "lexical";

    /// <summary>Prompt set that `lexical` takes its word weights from, a path where the server runs; null takes the items.</summary>
    public string? Data { get; init; }

    /// <summary>Gold model that judges them too, as plans write it; null for none.</summary>
    public string? Gold { get; init; }

    /// <summary>Prompt template by name.</summary>
    public string Template { get; init; } = "alpaca";

    /// <summary>Maximum tokens per response; the reference-answer relevance is stretched to it.</summary>
    public int MaxResponseTokens { get; init; } = 512;
}

/// <summary>One response to score.</summary>
/// <param name="Query">The query.</param>
/// <param name="Response">The response.</param>
/// <param name="Reference">A known good answer.</param>
/// <param name="Qtype">`OPENENDED` or `CONSTRAINED`.</param>
/// <param name="Relevance">Relevance computed elsewhere, for `precomputed`.</param>
public sealed record ScoreItem(string Query, string Response, string? Reference = null, string? Qtype = null, double? Relevance = null)
{
    internal PromptItem ToPrompt(int index) =>
        new(index, Query, Reference, Qtype is null ? null : QueryTypes.Parse(Qtype)) { Relevance = Relevance };
}
