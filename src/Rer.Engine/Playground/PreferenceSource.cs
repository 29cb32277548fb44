using Rer.Engine.Data;

namespace Rer.Engine.Playground;

/// <summary>Preference pairs judged by the hidden rubric: all that the gold model ever learns from.</summary>
internal sealed class PreferenceSource(QueryBook book, AnswerMix answers, Rubric rubric)
{
    /// <summary>Share of open-ended queries.</summary>
    private const double OpenShare = 0.55;

    /// <summary>Share of answers drawn from the supervised mix; the others are composed at random.</summary>
    private const double SupervisedShare = 0.45;

    /// <summary>Pairs closer than this are no pairs.</summary>
    private const double SmallestGap = 0.15;

    /// <summary>Answers that are ranked together.</summary>
    private const int RankedAnswers = 4;

    /// <summary>How sure the annotator is: the better answer is chosen with probability sigmoid(Sharpness * gap).</summary>
    public const double Sharpness = 3;

    /// <summary>Two answers to one query, in the rubric's own order.</summary>
    public PreferencePair Draw(SeededRandom random)
    {
        while (true)
        {
            var query = QueryBook.Draw(book.Everything, OpenShare, random);
            if (Judge(query, Answer(query, random), Answer(query, random)) is { } pair) return pair;
        }
    }

    /// <summary>
    /// All pairs among several answers to one query, as an annotator ranks them who errs the more the closer two answers are.
    /// </summary>
    public IReadOnlyList<PreferencePair> DrawRanking(SeededRandom random)
    {
        while (true)
        {
            var query = QueryBook.Draw(book.Everything, OpenShare, random);
            var answers = Enumerable.Range(0, RankedAnswers).Select(_ => Answer(query, random)).ToArray();
            var pairs = new List<PreferencePair>();
            for (var i = 0; i < answers.Length; i++)
            {
                for (var j = 0; j < i; j++)
                {
                    if (Judge(query, answers[i], answers[j], random) is { } pair) pairs.Add(pair);
                }
            }

            if (pairs.Count > 0) return pairs;
        }
    }

    /// <summary>The pair of two answers, null where they are about as good; with <paramref name="noise"/> the annotator may err.</summary>
    private PreferencePair? Judge(PlaygroundQuery query, string first, string second, SeededRandom? noise = null)
    {
        var gap = rubric.Score(query, first) - rubric.Score(query, second);
        var firstWins = noise is null ? gap > 0 : noise.Chance(1 / (1 + Math.Exp(-Sharpness * gap)));
        if (Math.Abs(gap) < SmallestGap) return null;
        var (chosen, rejected) = firstWins ? (first, second) : (second, first);
        return new PreferencePair(query.Text, chosen, rejected, query.QueryType.Title());
    }

    private string Answer(PlaygroundQuery query, SeededRandom random) =>
        random.Chance(SupervisedShare) ? answers.Supervised(query, random) : answers.Composed(query, random);
}
