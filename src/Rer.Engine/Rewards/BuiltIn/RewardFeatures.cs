using Rer.Engine.Rewards.Custom;

namespace Rer.Engine.Rewards.BuiltIn;

/// <summary>The features that every design may use.</summary>
public static class RewardFeatures
{
    /// <summary>The built-in features, the paper's four first, in the order in which design texts write them.</summary>
    public static IReadOnlyList<IRewardFeature> BuiltIn { get; } =
    [
        new LengthIncentive(),
        new RepetitionPenalty(),
        new QueryRelevance(),
        new ReferenceRelevance(),
        new ReadingEase(),
    ];

    /// <summary>Symbols of <see cref="BuiltIn"/>, in the same order.</summary>
    public static IReadOnlyList<string> Symbols { get; } = [.. BuiltIn.Select(feature => feature.Symbol)];

    /// <summary>
    /// Symbols in the order in which texts write them: the built-in ones, then those of the user's own by name; each once.
    /// </summary>
    public static IEnumerable<string> InOrder(IEnumerable<string> symbols)
    {
        var wanted = symbols.ToHashSet();
        return Symbols.Where(wanted.Contains).Concat(wanted.Except(Symbols).Order(StringComparer.Ordinal));
    }

    /// <summary>The built-in feature of a symbol; null where there is none.</summary>
    public static IRewardFeature? Find(string symbol) => BuiltIn.FirstOrDefault(feature => feature.Symbol == symbol);

    /// <summary>
    /// The built-in features whose symbols are not the user's own. A symbol that was the user's own before a version made it built-in
    /// keeps meaning what the user's definition says.
    /// </summary>
    public static IEnumerable<IRewardFeature> BuiltInBeside(IEnumerable<FeatureDefinition> own) =>
        BuiltIn.ExceptBy(own.Select(feature => feature.Symbol), feature => feature.Symbol);

    /// <summary>Symbols of the built-in features that read something, such as a reference: `RAR`.</summary>
    public static string Reading(FeatureNeeds needs) =>
        string.Join(", ", BuiltIn.Where(feature => feature.Reads.HasFlag(needs)).Select(feature => feature.Symbol));

    /// <summary>The built-in features and the compiled ones of the user's own, by symbol.</summary>
    internal static Dictionary<string, IRewardFeature> With(IReadOnlyList<FeatureDefinition> own) =>
        BuiltInBeside(own).Concat(own.Select(CustomFeatures.Compile)).ToDictionary(feature => feature.Symbol);
}
