using System.Text.RegularExpressions;

namespace Rer.Engine.Rewards.Own;

/// <summary>A feature of the user's own: data, so that a plan that uses it carries it along.</summary>
public sealed partial record FeatureDefinition
{
    /// <summary>Longest symbol.</summary>
    public const int LongestSymbol = 16;

    /// <summary>How design texts write it: `HEDGE`.</summary>
    public required string Symbol { get; init; }

    /// <summary>What people call it.</summary>
    public string Name { get; init; } = "";

    /// <summary>How <see cref="Source"/> is written.</summary>
    public required FeatureKind Kind { get; init; }

    /// <summary>The expression, the regular expression, or the C# code.</summary>
    public required string Source { get; init; }

    /// <summary>For a pattern: what its matches are worth.</summary>
    public PatternMeasure Measure { get; init; }

    /// <summary>Its tests.</summary>
    public IReadOnlyList<FeatureExample> Examples { get; init; } = [];

    /// <summary>What decides its value; equal texts are equal features.</summary>
    internal string Identity => $"{Symbol}\n{Kind}\n{Measure}\n{Source}";

    /// <summary>Why the symbol is not allowed; null where it is.</summary>
    public static string? WhyNot(string symbol) =>
        symbol.Length > LongestSymbol || !SymbolForm().IsMatch(symbol) ? $"'{symbol}' is no symbol. Use a capital letter and then capitals, digits or '_', at most {LongestSymbol} in all."
        : symbol is "OE" or "CE" || RewardFeatures.Symbols.Contains(symbol) ? $"'{symbol}' is taken."
        : RewardDesign.Presets.Any(p => p.Name == symbol) ? $"'{symbol}' is a preset's name."
        : null;

    /// <summary>The same definition, whatever its name and examples.</summary>
    public bool Equals(FeatureDefinition? other) => other is not null && other.Identity == Identity;

    /// <inheritdoc/>
    public override int GetHashCode() => Identity.GetHashCode(StringComparison.Ordinal);

    [GeneratedRegex("^[A-Z][A-Z0-9_]*$")]
    private static partial Regex SymbolForm();
}
