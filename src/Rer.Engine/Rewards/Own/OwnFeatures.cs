using System.Collections.Concurrent;

namespace Rer.Engine.Rewards.Own;

/// <summary>Makes features of their definitions.</summary>
public static class OwnFeatures
{
    private static readonly ConcurrentDictionary<string, IRewardFeature> _code = new();
    private static Func<FeatureDefinition, IRewardFeature>? _compiler;

    /// <summary>Whether C# features run in this process.</summary>
    public static bool CodeIsAllowed => _compiler is not null;

    /// <summary>
    /// Lets C# features run in this process, once and for all: whoever can reach the program can then run code in it, so only the
    /// person who starts it decides.
    /// </summary>
    /// <param name="compiler">Makes a feature of C# code; throws <see cref="FormatException"/> where the code does not compile.</param>
    public static void AllowCode(Func<FeatureDefinition, IRewardFeature> compiler) => _compiler = compiler;

    /// <summary>The feature.</summary>
    /// <exception cref="FormatException">The source cannot be read; the message says where and what would be right.</exception>
    /// <exception cref="InvalidOperationException">It is C# code, and code is not allowed here.</exception>
    public static IRewardFeature Compile(FeatureDefinition definition) => definition.Kind switch
    {
        FeatureKind.Expression => new ExpressionFeature(definition),
        FeatureKind.Pattern => new PatternFeature(definition),
        // Compiled code stays loaded until the process ends: once for each source is enough.
        _ => _code.GetOrAdd(definition.Identity, _ => (_compiler ?? throw new InvalidOperationException(
            $"{definition.Symbol}: features in C# are off here. The person who starts the dashboard turns them on with --allow-code."))(definition)),
    };

    /// <summary>What each of a definition's examples scores; NaN where the feature is not known for it.</summary>
    /// <exception cref="FormatException">The source cannot be read.</exception>
    public static IReadOnlyList<double> Try(FeatureDefinition definition, IReadOnlyList<ScoredItem> items)
    {
        var feature = Compile(definition);
        return [.. items.Select(item => feature.AppliesTo(item) ? feature.Evaluate(item) : double.NaN)];
    }
}
