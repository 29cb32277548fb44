using System.Text.Json.Serialization;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation.Judges;

namespace Rer.Engine.Evaluation;

/// <summary>
/// How many responses a model read only in part, because they are longer than its context with what they stand beside: their reward or
/// relevance is that of the part.
/// </summary>
/// <param name="All">Of all responses.</param>
/// <param name="ByType">By query type; types without a response are absent.</param>
public sealed record CutTexts(CutCount All, IReadOnlyDictionary<QueryType, CutCount> ByType)
{
    /// <summary>Whether any model cut anything.</summary>
    [JsonIgnore]
    public bool Any => All.Gold > 0 || All.Relevance > 0;

    /// <summary>Counts responses.</summary>
    /// <param name="texts">Of each its query's type, whether gold cut it (null where no model says so), and whether relevance did.</param>
    public static CutTexts Of(IEnumerable<(QueryType? Type, bool? Gold, bool Relevance)> texts)
    {
        var all = texts.ToArray();
        return new CutTexts(
            Count(all),
            all.Where(text => text.Type is not null).GroupBy(text => text.Type!.Value).OrderBy(type => type.Key)
                .ToDictionary(type => type.Key, type => Count([.. type])));
    }

    /// <summary>
    /// What was cut, in a sentence a model: `Gold read only a part of 12 of 960 responses (open-ended 10 of 480, closed-ended 2 of 480).`
    /// Empty where nothing was.
    /// </summary>
    public IReadOnlyList<string> Sentences() =>
    [
        .. Sentence("Gold", count => count.Gold ?? 0, "with query and template they are longer than its context"),
        .. Sentence("The relevance model", count => count.Relevance, "they, their query or their reference are longer than its context"),
    ];

    /// <summary>The same gold counts beside another's relevance counts.</summary>
    internal CutTexts WithRelevanceOf(CutTexts? other) => new(
        All with { Relevance = other?.All.Relevance ?? 0 },
        ByType.ToDictionary(
            type => type.Key, type => type.Value with { Relevance = other?.ByType.GetValueOrDefault(type.Key)?.Relevance ?? 0 }));

    private IEnumerable<string> Sentence(string model, Func<CutCount, int> cut, string why)
    {
        if (cut(All) == 0) yield break;
        var types = string.Join(
            ", ", ByType.OrderBy(type => type.Key).Select(type => $"{type.Key.Title()} {cut(type.Value)} of {type.Value.Texts}"));
        var byType = types.Length == 0 ? "" : $" ({types})";
        yield return $"{model} read only a part of {cut(All)} of {All.Texts} responses{byType}: {why}.";
    }

    private static CutCount Count((QueryType? Type, bool? Gold, bool Relevance)[] texts) => new(
        texts.Length,
        texts.All(text => text.Gold is null) ? null : texts.Count(text => text.Gold == true),
        texts.Count(text => text.Relevance));
}

/// <summary>How many of some responses were cut.</summary>
/// <param name="Texts">Responses.</param>
/// <param name="Gold">Cut to the gold model's context; null where there is no gold model, or a server that does not say.</param>
/// <param name="Relevance">Cut to the relevance model's context.</param>
public sealed record CutCount(int Texts, int? Gold, int Relevance);
