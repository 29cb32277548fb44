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

    /// <summary>How sure the annotator is: the better answer is chosen with probability sigmoid(Sharpness * gap).</summary>
    public const double Sharpness = 3;

    /// <summary>A pair; with <paramref name="noise"/> the annotator sometimes errs, without it the rubric's own order stands.</summary>
    public PreferencePair Draw(SeededRandom random, bool noise)
    {
        while (true)
        {
            var query = QueryBook.Draw(book.Everything, OpenShare, random);
            var (first, second) = (Answer(query, random), Answer(query, random));
            var gap = rubric.Score(query, first) - rubric.Score(query, second);
            var error = random.NextDouble();
            if (Math.Abs(gap) < SmallestGap) continue;
            var firstWins = noise ? error < 1 / (1 + Math.Exp(-Sharpness * gap)) : gap > 0;
            var (chosen, rejected) = firstWins ? (first, second) : (second, first);
            return new PreferencePair(query.Text, chosen, rejected, query.QueryType == QueryType.OpenEnded ? "open-ended" : "closed-ended");
        }
    }

    private string Answer(PlaygroundQuery query, SeededRandom random) =>
        random.Chance(SupervisedShare) ? answers.Supervised(query, random) : answers.Composed(query, random);
}
