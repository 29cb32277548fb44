using Rer.Engine.Data.Prompts;

namespace Rer.Web.Api;

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
