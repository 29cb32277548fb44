using Rer.Engine.Data.Prompts;
using Rer.Engine.Rewards.BuiltIn;

namespace Rer.Engine.Rewards;

/// <summary>One response's reward with all that made it.</summary>
public sealed class RewardBreakdown
{
    private readonly RewardScale _scale;
    private readonly IReadOnlyDictionary<string, IRewardFeature> _formulas;

    private RewardBreakdown(
        RewardDesign design,
        int item,
        QueryType? queryType,
        RewardScale scale,
        IReadOnlyDictionary<string, double> features,
        IReadOnlyDictionary<string, IRewardFeature> formulas,
        bool relevanceCut)
    {
        (Design, Item, QueryType, _scale, Features, _formulas) = (design, item, queryType, scale, features, formulas);
        RelevanceCut = relevanceCut;
        var factorScale = scale with { RelevanceCeiling = design.ReferenceCeiling ?? scale.RelevanceCeiling };
        var row = design.Row(queryType);
        var factors = new Dictionary<string, double>(row.Count);
        Total = 1;
        foreach (var symbol in row)
        {
            var factor = formulas[symbol].Factor(features[symbol], factorScale);
            factors[symbol] = factor;
            Total *= factor;
        }

        Factors = factors;
    }

    /// <summary>The design that made <see cref="Factors"/> and <see cref="Total"/>.</summary>
    public RewardDesign Design { get; }

    /// <summary>Index of the row in its prompt set.</summary>
    public int Item { get; }

    /// <summary>The query's type; it chose the design's row.</summary>
    public QueryType? QueryType { get; }

    /// <summary>Raw value of every feature that is known for the item, used by the design or not, by symbol.</summary>
    public IReadOnlyDictionary<string, double> Features { get; }

    /// <summary>Every factor of the product, by symbol.</summary>
    public IReadOnlyDictionary<string, double> Factors { get; }

    /// <summary>The reward: the product of the factors, 1 for an empty row.</summary>
    public double Total { get; }

    /// <summary>Whether the relevance model read query, reference or response only in part.</summary>
    public bool RelevanceCut { get; }

    /// <summary>Whether all that a design needs is known for the item.</summary>
    public bool Allows(RewardDesign design) =>
        (QueryType is not null || !design.Branching) && design.Row(QueryType).All(Features.ContainsKey);

    /// <summary>The same features under another design; nothing is measured again.</summary>
    /// <exception cref="InvalidOperationException">The design needs what is not known for the item; the message says what.</exception>
    public RewardBreakdown Under(RewardDesign design) => Of(design, Item, QueryType, _scale, Features, _formulas, RelevanceCut);

    /// <summary>A breakdown from features that were measured before and kept, as a run's rollouts keep them.</summary>
    /// <param name="design">The design to recombine them under.</param>
    /// <param name="item">Index of the row in its prompt set.</param>
    /// <param name="queryType">The query's type.</param>
    /// <param name="features">Raw values by symbol.</param>
    /// <param name="scale">What factors are scaled by: that of the run that measured them.</param>
    /// <exception cref="InvalidOperationException">The design needs what was not measured, or a feature in C#, and those are off; the
    /// message says what.</exception>
    public static RewardBreakdown Of(RewardDesign design, int item, QueryType? queryType, IReadOnlyDictionary<string, double> features,
        RewardScale scale) => Of(
        design, item, queryType, scale, features,
        RewardFeatures.With(design.CustomFeatures),
        relevanceCut: false);

    internal static RewardBreakdown Of(
        RewardDesign design,
        PromptItem prompt,
        RewardScale scale,
        IReadOnlyDictionary<string, double> features,
        IReadOnlyDictionary<string, IRewardFeature> formulas,
        bool relevanceCut) =>
        Of(design, prompt.Index, prompt.QueryType, scale, features, formulas, relevanceCut);

    private static RewardBreakdown Of(
        RewardDesign design,
        int item,
        QueryType? queryType,
        RewardScale scale,
        IReadOnlyDictionary<string, double> features,
        IReadOnlyDictionary<string, IRewardFeature> formulas,
        bool relevanceCut)
    {
        if (design.Branching && queryType is null)
            throw new InvalidOperationException(
                $"item {item}: no query type. The design '{design.Text}' branches: every item needs `qtype` OPENENDED or CONSTRAINED.");
        var missing = design.Row(queryType).FirstOrDefault(symbol => !features.ContainsKey(symbol));
        if (missing is null) return new RewardBreakdown(design, item, queryType, scale, features, formulas, relevanceCut);
        var needs = formulas.TryGetValue(missing, out var feature)
            ? feature.Needs.Length > 0 ? $"It needs {feature.Needs}." : "It does not apply to the item, or was not measured."
            : "It was not measured with the others.";
        throw new InvalidOperationException($"item {item}: {missing} is not known, and the design '{design.Text}' uses it. {needs}");
    }
}
