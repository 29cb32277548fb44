using Rer.Engine.Data;

namespace Rer.Engine.Rewards.Own;

/// <summary>What expressions can compute with.</summary>
public static class ExpressionQuantities
{
    private static readonly LengthIncentive _length = new();
    private static readonly RepetitionPenalty _repetition = new();

    private static readonly Dictionary<string, (string Meaning, Func<ScoredItem, double> Value)> _known = new()
    {
        ["words"] = ("words of the response, as LI counts them", item => item.Words.Count),
        ["distinct_words"] = ("different words", item => item.Words.Distinct().Count()),
        ["chars"] = ("characters of the response", item => item.Response.Length),
        ["sentences"] = ("runs of . ! or ?", item => Runs(item.Response)),
        ["lines"] = ("lines that are not empty", item => item.Response.Split('\n').Count(line => line.Trim().Length > 0)),
        ["query_words"] = ("words of the query", item => WordPunct.Tokenize(item.Query).Count),
        ["reference_words"] = ("words of the reference", item => WordPunct.Tokenize(item.Prompt.Reference ?? "").Count),
        ["li"] = ("the length incentive", _length.Evaluate),
        ["rp"] = ("the repetition penalty", _repetition.Evaluate),
        ["qr"] = ("the query relevance", item => item.Relevance.ToQuery ?? double.NaN),
        ["rar"] = ("the reference-answer relevance", item => item.Relevance.ToReference ?? double.NaN),
    };

    /// <summary>Names with what they mean.</summary>
    public static IReadOnlyList<(string Name, string Meaning)> All { get; } = [.. _known.Select(q => (q.Key, q.Value.Meaning))];

    internal static bool Contains(string name) => _known.ContainsKey(name);

    internal static double Of(string name, ScoredItem item) => _known[name].Value(item);

    internal static bool IsKnown(string name, ScoredItem item) => name switch
    {
        "qr" => item.Relevance.ToQuery is not null,
        "rar" => item.Relevance.ToReference is not null,
        "reference_words" => item.Prompt.Reference is not null,
        _ => true,
    };

    private static int Runs(string text)
    {
        var runs = 0;
        for (var i = 0; i < text.Length; i++)
            if (text[i] is '.' or '!' or '?' && (i == 0 || text[i - 1] is not ('.' or '!' or '?'))) runs++;
        return runs;
    }
}
