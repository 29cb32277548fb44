using Rer.Engine.Data;

namespace Rer.Engine.Rewards;

/// <summary>Scores responses under a design, with the breakdown of every score.</summary>
public sealed class RewardScorer
{
    private readonly IRelevanceModel? _relevance;
    private readonly PromptTemplate _template;
    private readonly ResponseCutter _cutter;
    private readonly RewardScale _scale;

    /// <summary>A scorer of one design.</summary>
    /// <param name="design">The design; <see cref="RewardBreakdown.Under"/> recombines for any other.</param>
    /// <param name="relevance">Measures QR and RAR; null leaves them out, which a design that uses neither allows. Not disposed of here.</param>
    /// <param name="template">Tells how prompts are wrapped and where responses end.</param>
    /// <param name="maxResponseTokens">Most tokens in a response; the reference-answer relevance is stretched to it.</param>
    public RewardScorer(RewardDesign design, IRelevanceModel? relevance, PromptTemplate template, int maxResponseTokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxResponseTokens);
        if (design.UsesRelevance && relevance is null)
            throw new ArgumentException($"The design '{design.Text}' uses relevance and needs a relevance model.", nameof(relevance));
        (Design, _relevance, _template) = (design, relevance, template);
        _cutter = new ResponseCutter(template.StopStrings);
        _scale = new RewardScale(maxResponseTokens, relevance?.Ceiling ?? PrecomputedRelevance.PublishedCeiling);
    }

    /// <summary>The design that scores.</summary>
    public RewardDesign Design { get; }

    /// <summary>The breakdown of each response, in order. Every feature that is known is measured, whether the design uses it or not.</summary>
    /// <exception cref="InvalidOperationException">An item lacks what the design needs; see <see cref="RewardDesign.Check"/>.</exception>
    /// <exception cref="InvalidDataException">A feature is NaN or infinite; the message names it and the item's text.</exception>
    public IReadOnlyList<RewardBreakdown> Score(IReadOnlyList<ScoreInput> inputs)
    {
        string[] queries = [.. inputs.Select(input => _template.ExtractQuery(input.Prompt.Query))];
        var relevance = _relevance?.Measure(inputs, queries);
        var breakdowns = new RewardBreakdown[inputs.Count];
        for (var i = 0; i < inputs.Count; i++)
        {
            var (prompt, response) = inputs[i];
            var features = Evaluate(prompt.Index, new ScoredItem
            {
                Query = queries[i],
                Reference = prompt.Reference,
                QueryType = prompt.QueryType,
                Response = response,
                Words = WordPunct.Tokenize(_cutter.Cut(response)),
                Relevance = relevance?[i],
            });
            RewardBreakdown.Require(Design, prompt.Index, prompt.QueryType, features);
            breakdowns[i] = new RewardBreakdown(Design, prompt.Index, prompt.QueryType, _scale, features);
        }

        return breakdowns;
    }

    private static Dictionary<string, double> Evaluate(int index, ScoredItem item)
    {
        var features = new Dictionary<string, double>(RewardFeatures.BuiltIn.Count);
        foreach (var feature in RewardFeatures.BuiltIn)
        {
            if (!feature.AppliesTo(item)) continue;
            var value = feature.Evaluate(item);
            if (!double.IsFinite(value))
                throw new InvalidDataException(
                    $"item {index}: {feature.Symbol} ({feature.Name}) is {value}. A feature must be finite. " +
                    $"Query: '{Start(item.Query)}'. Response: '{Start(item.Response)}'.");
            features[feature.Symbol] = value;
        }

        return features;
    }

    private static string Start(string text) => text.Length <= 200 ? text : text[..200] + "...";
}
