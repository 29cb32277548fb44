using Rer.Engine.Data;
using Rer.Engine.Rewards.BuiltIn;

namespace Rer.Engine.Rewards.Custom;

/// <summary>Something that expressions can compute with.</summary>
public sealed class Quantity
{
    private readonly Func<ScoredItem, double?> _value;

    private Quantity(string name, string meaning, Func<ScoredItem, double?> value, FeatureNeeds reads = FeatureNeeds.None) =>
        (Name, Meaning, _value, Reads) = (name, meaning, value, reads);

    private Quantity(IRewardFeature feature)
        : this(
            feature.Symbol.ToLowerInvariant(),
            $"{feature.Name}: {feature.ShortFormula}",
            item => feature.AppliesTo(item) ? feature.Evaluate(item) : null,
            feature.Reads)
    {
    }

    /// <summary>Every quantity, the built-in features last; what is counted in the response is counted in its cut form.</summary>
    public static IReadOnlyList<Quantity> All { get; } =
    [
        new("words", "words of the response", item => item.Words.Count),
        new("distinct_words", "different words, letter case counts", item => item.Words.Distinct().Count()),
        new("chars", "characters of the response", item => item.Cut.Length),
        new("sentences", "runs of . ! or ?", item => SentenceEnds(item.Cut)),
        new("lines", "lines that are not empty", item => item.Cut.Split('\n').Count(line => !string.IsNullOrWhiteSpace(line))),
        new("query_words", "words of the query", item => WordPunct.Tokenize(item.Query).Count, FeatureNeeds.Query),
        new("reference_words", "words of the reference",
            item => item.Prompt.Reference is { } text ? WordPunct.Tokenize(text).Count : null, FeatureNeeds.Reference),
        .. RewardFeatures.BuiltIn.Select(feature => new Quantity(feature)),
    ];

    /// <summary>How expressions write it.</summary>
    public string Name { get; }

    /// <summary>What it is.</summary>
    public string Meaning { get; }

    /// <summary>What it reads besides the response.</summary>
    public FeatureNeeds Reads { get; }

    /// <summary>Its value; null where it is not known for the item.</summary>
    public double? Of(ScoredItem item) => _value(item);

    private static int SentenceEnds(string text)
    {
        var ends = 0;
        for (var i = 0; i < text.Length; i++)
            if (text[i] is '.' or '!' or '?' && (i == 0 || text[i - 1] is not ('.' or '!' or '?'))) ends++;
        return ends;
    }
}
