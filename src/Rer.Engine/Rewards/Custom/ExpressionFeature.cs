namespace Rer.Engine.Rewards.Custom;

/// <summary>Arithmetic over the built-in quantities.</summary>
public sealed class ExpressionFeature : IRewardFeature
{
    private readonly FeatureDefinition _definition;
    private readonly Expression _expression;

    /// <summary>Reads the expression.</summary>
    /// <exception cref="FeatureSourceException">It cannot be read.</exception>
    public ExpressionFeature(FeatureDefinition definition)
    {
        _definition = definition;
        if (!Expression.TryParse(definition.Source, out _expression, out var error))
            throw new FeatureSourceException(definition.Symbol, [error!]);
    }

    /// <inheritdoc/>
    public string Symbol => _definition.Symbol;

    /// <inheritdoc/>
    public string Name => _definition.Title;

    /// <inheritdoc/>
    public string Formula => _definition.Source;

    /// <inheritdoc/>
    public FeatureNeeds Reads => _definition.Reads;

    /// <inheritdoc/>
    public bool AppliesTo(ScoredItem item) => _expression.Quantities.All(quantity => quantity.Of(item) is not null);

    /// <inheritdoc/>
    public double Evaluate(ScoredItem item) => _expression.Evaluate(item);
}
