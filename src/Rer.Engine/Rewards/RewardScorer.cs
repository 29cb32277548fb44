using Rer.Engine.Data;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Rewards.BuiltIn;
using Rer.Engine.Rewards.Custom;
using Rer.Engine.Rewards.Relevance;

namespace Rer.Engine.Rewards;

/// <summary>Scores responses under a design, with the breakdown of every score.</summary>
public sealed class RewardScorer
{
    private readonly IRelevanceModel? _relevance;
    private readonly PromptTemplate _template;
    private readonly ResponseCutter _cutter;
    private readonly RewardScale _scale;
    private readonly Dictionary<string, IRewardFeature> _features;
    private readonly IRewardFeature[] _beside;
    private readonly Dictionary<string, IRewardFeature> _formulas;

    /// <summary>A scorer of one design.</summary>
    /// <param name="design">The design; <see cref="RewardBreakdown.Under"/> recombines for any other.</param>
    /// <param name="relevance">Measures relevance; null leaves it out, which a design that does not use it allows. Not disposed of
    /// here.</param>
    /// <param name="template">Tells how prompts are wrapped and where responses end.</param>
    /// <param name="maxResponseTokens">Maximum tokens per response; the reference-answer relevance is stretched to it.</param>
    /// <param name="beside">Features of the user's own to measure besides those of the design; one that fails is left out.</param>
    /// <exception cref="FormatException">The source of one of the design's own features cannot be read.</exception>
    /// <exception cref="InvalidOperationException">The design uses a feature in C#, and those are off.</exception>
    public RewardScorer(
        RewardDesign design, IRelevanceModel? relevance, PromptTemplate template, int maxResponseTokens,
        IReadOnlyList<FeatureDefinition>? beside = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxResponseTokens);
        if (design.UsesRelevance && relevance is null)
            throw new ArgumentException($"The design '{design.Text}' uses relevance and needs a relevance model.", nameof(relevance));
        (Design, _relevance, _template) = (design, relevance, template);
        _features = RewardFeatures.With(design.CustomFeatures);
        _beside = [.. (beside ?? []).Where(feature => !_features.ContainsKey(feature.Symbol) && CustomFeatures.WhyNot(feature) is null)
            .Select(CustomFeatures.Compile)];
        _formulas = _features.Values.Concat(_beside).ToDictionary(feature => feature.Symbol);
        _cutter = new ResponseCutter(template.StopStrings);
        _scale = new RewardScale(maxResponseTokens, relevance?.Ceiling ?? PrecomputedRelevance.PublishedCeiling);
    }

    /// <summary>The design that scores.</summary>
    public RewardDesign Design { get; }

    /// <summary>What features see of each response, relevance measured.</summary>
    /// <param name="prompts">The rows that are answered.</param>
    /// <param name="responses">The policy's answers as generated, not cut; as many as there are rows.</param>
    public IReadOnlyList<ScoredItem> Read(IReadOnlyList<PromptItem> prompts, IReadOnlyList<string> responses)
    {
        if (prompts.Count != responses.Count)
            throw new ArgumentException(
                $"{prompts.Count} prompts and {responses.Count} responses: each response answers one prompt.", nameof(responses));
        ScoredItem[] items = [.. prompts.Zip(responses, Read)];
        var relevance = _relevance?.Measure(items) ?? new RelevanceScore[items.Length];
        return [.. items.Zip(relevance, (item, measured) => item with { Relevance = measured })];
    }

    /// <summary>
    /// The breakdown of each response, in order. Every feature that is known is measured, whether the design uses it or not.
    /// </summary>
    /// <param name="prompts">The rows that are answered.</param>
    /// <param name="responses">The policy's answers as generated, not cut; as many as there are rows.</param>
    /// <exception cref="InvalidOperationException">An item lacks what the design needs; see <see cref="RewardDesign.Check"/>.</exception>
    /// <exception cref="InvalidDataException">A feature is NaN or infinite, or fails; the message names it and the item's text.</exception>
    public IReadOnlyList<RewardBreakdown> Score(IReadOnlyList<PromptItem> prompts, IReadOnlyList<string> responses) =>
        [.. Read(prompts, responses).Select(Score)];

    /// <summary>The breakdown of one response; the same errors.</summary>
    public RewardBreakdown Score(ScoredItem item)
    {
        var features = new Dictionary<string, double>(_formulas.Count);
        foreach (var feature in _features.Values)
            if (Measure(feature, item) is { } value) features[feature.Symbol] = value;
        foreach (var feature in _beside)
            if (CustomFeatures.Try(feature, item) is (var value, null)) features[feature.Symbol] = value;
        return RewardBreakdown.Of(Design, item.Prompt, _scale, features, _formulas, item.Relevance.Cut);
    }

    private ScoredItem Read(PromptItem prompt, string response)
    {
        var cut = _cutter.Cut(response);
        return new ScoredItem
        {
            Prompt = prompt,
            Query = _template.ExtractQuery(prompt.Query),
            Response = response,
            Cut = cut,
            Words = WordPunct.Tokenize(cut),
        };
    }

    private static double? Measure(IRewardFeature feature, ScoredItem item)
    {
        try
        {
            if (!feature.AppliesTo(item)) return null;
            var value = feature.Evaluate(item);
            return double.IsFinite(value) ? value : throw Refused(feature, item, $"is {value}. A feature must be finite.");
        }
        catch (Exception error) when (error is not InvalidDataException)
        {
            // A class of the user's own may throw anything.
            throw Refused(feature, item, $"failed: {error.Message}", error);
        }
    }

    private static InvalidDataException Refused(IRewardFeature feature, ScoredItem item, string why, Exception? error = null) => new(
        $"item {item.Prompt.Index}: {feature.Symbol} ({feature.Name}) {why} Query: '{Start(item.Query)}'. Response: "
            + $"'{Start(item.Response)}'.", error);

    private static string Start(string text) => text.Length <= 200 ? text : text[..200] + "...";
}
