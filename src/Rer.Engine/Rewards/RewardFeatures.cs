namespace Rer.Engine.Rewards;

/// <summary>The features that every design may use.</summary>
public static class RewardFeatures
{
    /// <summary>The paper's four, in the order in which design texts write them.</summary>
    public static IReadOnlyList<IRewardFeature> BuiltIn { get; } =
        [new LengthIncentive(), new RepetitionPenalty(), new QueryRelevance(), new ReferenceRelevance()];

    /// <summary>Symbols of <see cref="BuiltIn"/>, in the same order.</summary>
    public static IReadOnlyList<string> Symbols { get; } = [.. BuiltIn.Select(feature => feature.Symbol)];

    /// <summary>Symbols in the order in which texts write them: the built-in ones, then those of the user's own by name; each once.</summary>
    public static IEnumerable<string> InOrder(IEnumerable<string> symbols)
    {
        var wanted = symbols.ToHashSet();
        return Symbols.Where(wanted.Contains).Concat(wanted.Except(Symbols).Order(StringComparer.Ordinal));
    }
}
