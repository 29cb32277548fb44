using Rer.Engine.Data.Prompts;
using static TorchSharp.torch;

namespace Rer.Engine.Rewards.Relevance;

/// <summary>Relevance models by the text that plans and commands give.</summary>
public static class RelevanceModels
{
    /// <summary>The forms that <see cref="Create"/> knows.</summary>
    public const string Forms = "lexical, precomputed, contriever:FOLDER";

    private const string Contriever = "contriever:";

    /// <summary>The model that a text names.</summary>
    /// <param name="spec">One of <see cref="Forms"/>.</param>
    /// <param name="prompts">Training prompts; `lexical` takes its word weights from their texts.</param>
    /// <param name="device">Where an encoder computes; null is the CPU.</param>
    /// <exception cref="IOException">The encoder's folder lacks a file; the message names it.</exception>
    /// <exception cref="InvalidDataException">The encoder's files do not fit together.</exception>
    /// <exception cref="ArgumentException">The text names no model; the message lists the forms.</exception>
    public static IRelevanceModel Create(string spec, PromptSet prompts, Device? device = null) => spec switch
    {
        "lexical" => LexicalRelevance.Fit(prompts),
        "precomputed" => new PrecomputedRelevance(),
        _ when spec.StartsWith(Contriever, StringComparison.Ordinal) && spec.Length > Contriever.Length =>
            ContrieverRelevance.Load(spec[Contriever.Length..], device ?? CPU),
        _ => throw new ArgumentException($"relevance model '{spec}' is not known. Known forms: {Forms}.", nameof(spec)),
    };

    /// <summary>The ceiling of the model that a text names (<see cref="IRelevanceModel.Ceiling"/>), without loading it.</summary>
    /// <param name="spec">One of <see cref="Forms"/>.</param>
    public static double CeilingOf(string spec) =>
        spec == "lexical" ? LexicalRelevance.InnerProductCeiling : PrecomputedRelevance.PublishedCeiling;
}
