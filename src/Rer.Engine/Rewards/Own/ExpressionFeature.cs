namespace Rer.Engine.Rewards.Own;

/// <summary>Arithmetic over the built-in quantities.</summary>
public sealed class ExpressionFeature : IRewardFeature
{
    private readonly FeatureDefinition _definition;
    private readonly Expression _expression;

    /// <summary>Reads the expression.</summary>
    /// <exception cref="FormatException">It cannot be read; the message says where and what is known.</exception>
    public ExpressionFeature(FeatureDefinition definition)
    {
        _definition = definition;
        try
        {
            _expression = Expression.Parse(definition.Source);
        }
        catch (FormatException error)
        {
            throw new FormatException($"{definition.Symbol}: {error.Message}", error);
        }
    }

    /// <inheritdoc/>
    public string Symbol => _definition.Symbol;

    /// <inheritdoc/>
    public string Name => _definition.Name.Length > 0 ? _definition.Name : "own expression";

    /// <inheritdoc/>
    public string Formula => _definition.Source;

    /// <inheritdoc/>
    public string Needs => string.Join(" and ", _expression.Quantities.Select(q => q switch
    {
        "qr" => "a relevance model", "rar" => "a relevance model and a reference", "reference_words" => "a reference", _ => "",
    }).Where(need => need.Length > 0).Distinct());

    /// <inheritdoc/>
    public bool AppliesTo(ScoredItem item) => _expression.Quantities.All(q => ExpressionQuantities.IsKnown(q, item));

    /// <inheritdoc/>
    public double Evaluate(ScoredItem item) => _expression.Evaluate(name => ExpressionQuantities.Of(name, item));
}
