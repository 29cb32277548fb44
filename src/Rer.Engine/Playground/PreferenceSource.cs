using Rer.Engine.Data;
using Rer.Engine.Data.Preferences;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation.Judges;
using Rer.Engine.Playground.Language;

namespace Rer.Engine.Playground;

/// <summary>Preference pairs judged by the hidden rubric: all that the gold model ever learns from.</summary>
internal sealed class PreferenceSource(QueryBook book, AnswerMix answers, Rubric rubric)
{
    /// <summary>Share of open-ended queries among held-out pairs.</summary>
    private const double OpenShare = 0.55;

    /// <summary>Share of open-ended queries among rankings: less, for each gives more pairs than a closed-ended one.</summary>
    private const double RankedOpenShare = 0.4;

    /// <summary>Share of answers drawn from the supervised mix; the others are composed at random.</summary>
    private const double SupervisedShare = 0.45;

    /// <summary>Share of a ranking's answers that the policy itself gave, as in Stiennon et al. 2020.</summary>
    private const double PolicyShare = 0.25;

    /// <summary>A composed answer is cut to so many words: about what a rollout has room for.</summary>
    private const int MostWords = 56;

    /// <summary>Pairs closer than this are no pairs.</summary>
    private const double SmallestGap = 0.15;

    /// <summary>Answers that are ranked together with all their beginnings.</summary>
    private const int RankedInFull = 4;

    /// <summary>Answers that are ranked together by their first sentence alone: more, for they are short.</summary>
    private const int RankedByFirstSentence = 8;

    /// <summary>
    /// Share of closed-ended rankings that are by the first sentence alone, which is where an answer is right or wrong. They are rankings
    /// of their own: beside whole answers, what each further sentence costs gives most of the pairs, and right and wrong hardly any.
    /// </summary>
    private const double FirstSentenceShare = 0.75;

    /// <summary>Answers that each one is held against.</summary>
    private const int Rivals = 2;

    /// <summary>How sure annotators are: the better answer is preferred by a share of sigmoid(Sharpness * gap).</summary>
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
    /// Pairs among several answers to one query and what they begin with, as many annotators judge them: the closer two answers are, the
    /// more of them err. A beginning is an answer that stops earlier: beside its continuation it shows what one more sentence is worth.
    /// </summary>
    /// <param name="random">Draws query and answers.</param>
    /// <param name="policyAnswers">Answers of the policy by query.</param>
    public IReadOnlyList<PreferencePair> DrawRanking(SeededRandom random, ILookup<string, string> policyAnswers)
    {
        while (true)
        {
            var query = QueryBook.Draw(book.Everything, RankedOpenShare, random);
            var own = policyAnswers[query.Text].ToArray();
            var pairs = new List<PreferencePair>();
            var known = new List<string>();
            var inFull = query.QueryType == QueryType.OpenEnded || !random.Chance(FirstSentenceShare);
            for (var i = 0; i < (inFull ? RankedInFull : RankedByFirstSentence); i++)
            {
                var answer = own.Length > 0 && random.Chance(PolicyShare) ? random.Pick(own) : Answer(query, random);
                string? before = null;
                foreach (var text in Beginnings(answer).Take(inFull ? int.MaxValue : 1))
                {
                    if (before is not null) Compare(text, before);
                    for (var rival = 0; rival < Rivals && known.Count > 0; rival++) Compare(text, random.Pick(known));
                    known.Add(text);
                    before = text;
                }
            }

            if (pairs.Count > 0) return pairs;

            void Compare(string first, string second)
            {
                if (Judge(query, first, second) is { } pair) pairs.Add(pair);
            }
        }
    }

    /// <summary>An answer cut after each of its sentences, the whole of it last.</summary>
    private static IEnumerable<string> Beginnings(string answer)
    {
        for (var i = 0; i + 1 < answer.Length; i++)
        {
            if (answer[i] == '.') yield return answer[..(i + 1)];
        }

        yield return answer;
    }

    /// <summary>The pair of two answers, null where they are about as good.</summary>
    private PreferencePair? Judge(PlaygroundQuery query, string first, string second)
    {
        var gap = rubric.Score(query, first) - rubric.Score(query, second);
        if (Math.Abs(gap) < SmallestGap) return null;
        var (chosen, rejected) = gap > 0 ? (first, second) : (second, first);
        return new PreferencePair(query.Text, chosen, rejected, query.QueryType.Title())
        {
            Agreement = 1 / (1 + Math.Exp(-Sharpness * Math.Abs(gap))),
        };
    }

    private string Answer(PlaygroundQuery query, SeededRandom random)
    {
        var words = (random.Chance(SupervisedShare) ? answers.Supervised(query, random) : answers.Composed(query, random)).Split(' ');
        return string.Join(' ', words.Take(MostWords));
    }
}
