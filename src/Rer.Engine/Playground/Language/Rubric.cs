using Rer.Engine.Data.Prompts;

namespace Rer.Engine.Playground.Language;

/// <summary>
/// The world's own judgement of an answer, in [-5, 4]: correctness, topicality, specificity with saturation, fluency, padding.
/// It is hidden: preference pairs are drawn from it, the gold model learns from those, and nothing else sees it.
/// </summary>
internal sealed class Rubric(Grammar grammar)
{
    /// <summary>What an open-ended answer loses that stops in mid-sentence.</summary>
    private const double CutOff = 0.6;

    /// <summary>What a closed-ended answer loses for each sentence after the first: a short answer was asked for.</summary>
    private const double Further = 0.7;

    private static readonly HashSet<string> Empty = Sentences(Lexicon.Fillers.Concat(Lexicon.Unknowns));

    /// <summary>The rubric's score of a response.</summary>
    public double Score(PlaygroundQuery query, string response)
    {
        var (sentences, tail) = Grammar.Split(response);
        if (sentences.Count == 0 && tail.Length == 0) return -2;
        var score = query.QueryType == QueryType.OpenEnded ? OpenEnded(query, sentences, tail) : ClosedEnded(query, sentences, tail);
        return Math.Clamp(score, -5, 4);
    }

    /// <summary>Distinct true sentences on the topic count, ever less; each fault costs by its share and a little by its number.</summary>
    private double OpenEnded(PlaygroundQuery query, List<string> sentences, string tail)
    {
        var told = new HashSet<Trait>();
        int offTopic = 0, untrue = 0, repeated = 0, padding = 0, disfluent = 0;
        foreach (var sentence in sentences)
        {
            if (Empty.Contains(sentence)) padding++;
            else if (grammar.Read(sentence) is not { } claim) disfluent++;
            else if (claim.Entity != query.Topic) offTopic++;
            else if (!claim.IsTrue) untrue++;
            else if (!told.Add(claim.Trait)) repeated++;
        }

        var count = sentences.Count + (tail.Length > 0 ? 1 : 0);
        var faults = (2 * offTopic) + (1.5 * untrue) + (1.5 * repeated) + (1.2 * padding) + (2.0 * disfluent);
        return (4 * (1 - Math.Exp(-told.Count / 3.0)))
            - (faults / count)
            - (0.2 * (repeated + padding + disfluent + offTopic))
            - (tail.Length > 0 ? CutOff : 0);
    }

    /// <summary>The first sentence decides; everything after it costs.</summary>
    private double ClosedEnded(PlaygroundQuery query, List<string> sentences, string tail)
    {
        var first = sentences.Count > 0 ? sentences[0] : tail;
        var further = Math.Max(0, sentences.Count - 1) + (tail.Length > 0 ? 1 : 0);
        return ClosedEndedAnswer(query, first) - (Further * further);
    }

    private double ClosedEndedAnswer(PlaygroundQuery query, string sentence)
    {
        if (sentence == query.Reference[..^1]) return 2.2;
        if (sentence == query.Bare[..^1]) return 1.6;
        if (Empty.Contains(sentence)) return -0.8;
        return grammar.Read(sentence) is { IsTrue: true } claim && claim.Entity == query.Topic && claim.Trait == query.Trait ? 1.6 : -1.5;
    }

    private static HashSet<string> Sentences(IEnumerable<string> texts) => [.. texts.Select(text => text.TrimEnd('.'))];
}
