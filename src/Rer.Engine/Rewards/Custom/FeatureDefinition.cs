using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Rer.Engine.Rewards.BuiltIn;

namespace Rer.Engine.Rewards.Custom;

/// <summary>A feature of the user's own: data, so that a design that uses it carries it along.</summary>
public sealed partial record FeatureDefinition
{
    /// <summary>Most characters of a symbol.</summary>
    public const int LongestSymbol = 16;

    /// <summary>Most characters of a source.</summary>
    public const int LongestSource = 10_000;

    /// <summary>Most characters of a name.</summary>
    public const int LongestName = 200;

    /// <summary>Most examples, and most characters of each text in one.</summary>
    public const int MostExamples = 200, LongestExample = 100_000;

    /// <summary>How design texts write it: `HEDGE`.</summary>
    public required string Symbol { get; init; }

    /// <summary>What people call it; empty leaves it without a name.</summary>
    public string Name { get; init; } = "";

    /// <summary>How <see cref="Source"/> is written.</summary>
    public required FeatureKind Kind { get; init; }

    /// <summary>The expression, the regular expression, or the C# code.</summary>
    public required string Source { get; init; }

    /// <summary>For a pattern: what its matches are worth.</summary>
    public PatternMeasure Measure { get; init; }

    /// <summary>Its tests.</summary>
    public IReadOnlyList<FeatureExample> Examples { get; init; } = [];

    /// <summary>The name, or what it is where it has none.</summary>
    [JsonIgnore]
    public string Title =>
        Name.Length > 0 ? Name
            : Kind switch { FeatureKind.Expression => "own expression", FeatureKind.Pattern => "own pattern", _ => "own class" };

    /// <summary>What it reads besides the response; of C# code this is not known.</summary>
    [JsonIgnore]
    public FeatureNeeds Reads => Quantities.Aggregate(FeatureNeeds.None, (needs, quantity) => needs | quantity.Reads);

    /// <summary>What decides its value.</summary>
    internal string Identity => $"{Symbol}\n{Kind}\n{(Kind == FeatureKind.Pattern ? Measure : null)}\n{Source}";

    /// <summary>What is too large besides the source; null where nothing is.</summary>
    internal string? Problem =>
        Name.Length > LongestName ? $"{Symbol}: the name has {Name.Length} characters; at most {LongestName} are allowed."
        : Examples.Count > MostExamples ? $"{Symbol}: {Examples.Count} examples; at most {MostExamples} are kept."
        : Examples.Select(example => Math.Max(example.Response.Length, Math.Max(example.Query.Length, example.Reference?.Length ?? 0)))
            .DefaultIfEmpty().Max() is > LongestExample and var longest
            ? $"{Symbol}: an example has {longest} characters; at most {LongestExample} are kept."
        : null;

    private IReadOnlyList<Quantity> Quantities =>
        Kind == FeatureKind.Expression && Expression.TryParse(Source, out var expression, out _) ? expression.Quantities : [];

    /// <summary>Why a symbol is not allowed; null where it is.</summary>
    public static string? WhyNot(string symbol) =>
        symbol.Length is 0 or > LongestSymbol || !SymbolForm().IsMatch(symbol)
            ? $"'{symbol}' is no symbol. Write a capital letter, then capitals, digits or '_', at most {LongestSymbol} in all."
        : symbol is "OE" or "CE" ? $"'{symbol}' names a row of designs."
        : RewardFeatures.Symbols.Contains(symbol) ? $"'{symbol}' is a built-in feature."
        : RewardDesign.Presets.Any(preset => preset.Name == symbol) ? $"'{symbol}' is a preset's name."
        : null;

    /// <summary>Definitions are equal when they give the same values, whatever their names and examples.</summary>
    public bool Equals(FeatureDefinition? other) => other is not null && other.Identity == Identity;

    /// <inheritdoc/>
    public override int GetHashCode() => Identity.GetHashCode(StringComparison.Ordinal);

    [GeneratedRegex("^[A-Z][A-Z0-9_]*$")]
    private static partial Regex SymbolForm();
}

/// <summary>How a feature of the user's own is written.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FeatureKind>))]
public enum FeatureKind
{
    /// <summary>Arithmetic over the built-in quantities: `min(words, 150) / 100 * rp`.</summary>
    Expression,

    /// <summary>Matches of a regular expression.</summary>
    Pattern,

    /// <summary>A C# class that implements <see cref="IRewardFeature"/>; see <see cref="CodeFeatures"/>.</summary>
    Code,
}

/// <summary>What a pattern's matches are worth.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PatternMeasure>))]
public enum PatternMeasure
{
    /// <summary>Their number.</summary>
    Count,

    /// <summary>Their number for every hundred words; 0 for a response without words.</summary>
    PerHundredWords,

    /// <summary>1 where there is one, else 0.</summary>
    Present,

    /// <summary>1 where there is none, else 0.</summary>
    Absent,
}
