using Rer.Engine.Data;

namespace Rer.Engine.Rewards.Own;

/// <summary>Something that expressions can compute with.</summary>
public sealed class Quantity
{
    private static readonly LengthIncentive Length = new();
    private static readonly RepetitionPenalty Repetition = new();
    private readonly Func<ScoredItem, double?> _value;

    private Quantity(string name, string meaning, Func<ScoredItem, double?> value) => (Name, Meaning, _value) = (name, meaning, value);

    /// <summary>Every quantity; what is counted in the response is counted in its cut form, as LI and RP do.</summary>
    public static IReadOnlyList<Quantity> All { get; } =
    [
        new("words", "words of the response", item => item.Words.Count),
        new("distinct_words", "different words, letter case counts", item => item.Words.Distinct().Count()),
        new("chars", "characters of the response", item => item.Cut.Length),
        new("sentences", "runs of . ! or ?", item => SentenceEnds(item.Cut)),
        new("lines", "lines that are not empty", item => item.Cut.Split('\n').Count(line => !string.IsNullOrWhiteSpace(line))),
        new("query_words", "words of the query", item => WordPunct.Tokenize(item.Query).Count),
        new("reference_words", "words of the reference", item => item.Prompt.Reference is { } text ? WordPunct.Tokenize(text).Count : null),
        new("li", "length incentive: words / 100", item => Length.Evaluate(item)),
        new("rp", "repetition penalty: distinct trigrams / trigrams", item => Repetition.Evaluate(item)),
        new("qr", "query relevance", item => item.Relevance.ToQuery),
        new("rar", "reference-answer relevance", item => item.Relevance.ToReference),
    ];

    /// <summary>How expressions write it.</summary>
    public string Name { get; }

    /// <summary>What it is.</summary>
    public string Meaning { get; }

    /// <summary>Whether a relevance model has to measure it.</summary>
    public bool NeedsRelevance => Name is "qr" or "rar";

    /// <summary>Whether the item must have a reference.</summary>
    public bool NeedsReference => Name is "rar" or "reference_words";

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
