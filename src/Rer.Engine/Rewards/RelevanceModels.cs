using Rer.Engine.Data;

namespace Rer.Engine.Rewards;

/// <summary>Relevance models by the text that plans and commands give.</summary>
public static class RelevanceModels
{
    /// <summary>The forms that <see cref="Create"/> knows.</summary>
    public const string Forms = "lexical, precomputed";

    /// <summary>The model that a text names.</summary>
    /// <param name="spec">One of <see cref="Forms"/>.</param>
    /// <param name="prompts">Training prompts; `lexical` takes its word weights from their texts.</param>
    /// <exception cref="ArgumentException">The text names no model; the message lists the forms.</exception>
    public static IRelevanceModel Create(string spec, PromptSet prompts) => spec switch
    {
        "lexical" => LexicalRelevance.Fit(prompts),
        "precomputed" => new PrecomputedRelevance(),
        _ => throw new ArgumentException($"relevance model '{spec}' is not known. Known forms: {Forms}.", nameof(spec)),
    };
}
