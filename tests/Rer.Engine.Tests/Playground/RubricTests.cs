using Rer.Engine.Data;
using Rer.Engine.Data.Preferences;
using Rer.Engine.Playground;
using Rer.Engine.Playground.Language;

namespace Rer.Engine.Tests.Playground;

public sealed class RubricTests
{
    private static readonly World World = new(1);
    private static readonly QueryBook Book = new(World);
    private static readonly Rubric Rubric = new(new Grammar(World));
    private static readonly PlaygroundQuery Open = Book.Training[TaskKind.Describe][0];
    private static readonly PlaygroundQuery Closed = Book.Training[TaskKind.Fact][0];
    private static readonly Entity Topic = Open.Topic!;

    [Fact]
    public void Every_further_true_sentence_adds_ever_less()
    {
        var scores = Enumerable.Range(1, 8).Select(n => Rubric.Score(Open, True(n))).ToArray();
        for (var n = 1; n < scores.Length; n++) Assert.True(scores[n] > scores[n - 1]);
        for (var n = 2; n < scores.Length; n++) Assert.True(scores[n] - scores[n - 1] < scores[n - 1] - scores[n - 2]);
        Assert.Equal(4 * (1 - Math.Exp(-1 / 3.0)), scores[0], 12);
    }

    [Fact]
    public void Repeating_a_fact_costs() => Assert.Equal(
        Rubric.Score(Open, True(2)) - (1.5 / 3) - 0.2, Rubric.Score(Open, True(2) + " " + Say(Trait.Home, Topic[Trait.Home])), 12);

    [Fact]
    public void A_false_sentence_costs() => Assert.Equal(
        Rubric.Score(Open, True(1)) - (1.5 / 2), Rubric.Score(Open, True(1) + " " + Say(Trait.Food, OtherFood(Topic))), 12);

    [Fact]
    public void Another_inhabitant_is_off_topic()
    {
        var other = World.All.First(entity => entity != Topic);
        Assert.Equal(-2.2, Rubric.Score(Open, Grammar.State(other.Name, Trait.Food, other[Trait.Food])), 12);
    }

    [Fact]
    public void Padding_and_disfluency_cost()
    {
        Assert.Equal(-1.4, Rubric.Score(Open, Lexicon.Fillers[0]), 12);
        Assert.Equal(-2.2, Rubric.Score(Open, "Coat the wears red."), 12);
    }

    [Fact]
    public void A_sentence_cut_off_costs() =>
        Assert.Equal(Rubric.Score(Open, True(2)) - 0.6, Rubric.Score(Open, True(2) + " Indeed " + Topic.Name), 12);

    [Fact]
    public void Nothing_said_is_worse_than_not_knowing() => Assert.Equal(-2, Rubric.Score(Closed, "  "));

    [Fact]
    public void A_closed_ended_answer_is_judged_by_its_first_sentence_and_costs_for_every_other()
    {
        Assert.Equal(2.2, Rubric.Score(Closed, Closed.Reference));
        Assert.Equal(1.6, Rubric.Score(Closed, Closed.Bare));
        Assert.Equal(-0.8, Rubric.Score(Closed, Lexicon.Unknowns[0]));
        Assert.Equal(-1.5, Rubric.Score(Closed, Closed.Wrong[0].Sentence));
        Assert.Equal(2.2 - 1.4, Rubric.Score(Closed, Closed.Reference + " " + Closed.Reference + " and"), 12);
        Assert.Equal(-5, Rubric.Score(Closed, string.Concat(Enumerable.Repeat("Well. ", 20))));
    }

    [Fact]
    public void Another_true_wording_of_the_fact_is_right_too()
    {
        var wording = Grammar.Tell(TaskKind.Story, Closed.Topic!, Closed.Trait!.Value, Closed.Topic![Closed.Trait.Value],
            SeededRandom.From(1, "test"));
        Assert.Equal(1.6, Rubric.Score(Closed, wording));
    }

    [Fact]
    public void Clean_answers_outscore_faulty_ones_on_average()
    {
        var random = SeededRandom.From(1, "test");
        var answers = new AnswerMix(World);
        var clean =
            Enumerable.Range(0, 500).Average(_ => Rubric.Score(Open, string.Join(' ', AnswerMix.Facts(Open.Task, Topic, 4, random))));
        var mixed = Enumerable.Range(0, 500).Average(_ => Rubric.Score(Open, answers.Supervised(Open, random)));
        Assert.True(clean > mixed + 0.5, $"{clean} against {mixed}");
    }

    [Fact]
    public void Preference_pairs_follow_the_rubric_and_annotators_agree_the_more_the_wider_the_gap()
    {
        var source = new PreferenceSource(Book, new AnswerMix(World), Rubric);
        var queries = Book.Everything.Values.SelectMany(part => part).ToLookup(query => query.Text);
        var random = SeededRandom.From(1, "test");
        Assert.All(Enumerable.Range(0, 2000).Select(_ => source.Draw(random)), pair => Assert.True(Gap(pair) > 0));
        var ranked = Enumerable.Range(0, 200).SelectMany(_ => source.DrawRanking(random, None)).OrderBy(Gap).ToArray();
        Assert.All(ranked, pair => Assert.InRange(pair.Agreement, 0.5, 1));
        Assert.Equal(ranked.Select(pair => pair.Agreement).Order(), ranked.Select(pair => pair.Agreement));

        double Gap(PreferencePair pair) =>
            Rubric.Score(queries[pair.Prompt].First(), pair.Chosen) - Rubric.Score(queries[pair.Prompt].First(), pair.Rejected);
    }

    [Fact]
    public void A_ranking_holds_answers_to_one_query_and_what_they_begin_with()
    {
        var source = new PreferenceSource(Book, new AnswerMix(World), Rubric);
        var rankings = Enumerable.Range(0, 50).Select(i => source.DrawRanking(SeededRandom.From(i, "test"), None)).ToArray();
        Assert.All(rankings, ranking => Assert.Single(ranking.Select(pair => pair.Prompt).Distinct()));
        Assert.Contains(rankings, ranking => ranking.Any(pair => pair.Chosen.StartsWith(pair.Rejected, StringComparison.Ordinal)));
        Assert.Contains(rankings, ranking => ranking.Any(pair => pair.Rejected.StartsWith(pair.Chosen, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_ranking_takes_answers_of_the_policy()
    {
        var source = new PreferenceSource(Book, new AnswerMix(World), Rubric);
        var own = Book.Everything.Values.SelectMany(part => part).ToLookup(query => query.Text, _ => "Quite so.");
        var answers = Enumerable.Range(0, 50).SelectMany(i => source.DrawRanking(SeededRandom.From(i, "test"), own))
            .SelectMany(pair => new[] { pair.Chosen, pair.Rejected });
        Assert.Contains("Quite so.", answers);
    }

    private static ILookup<string, string> None => Array.Empty<string>().ToLookup(text => text);

    private static string True(int count) => string.Join(' ', Lexicon.Traits.Take(count).Select(trait => Say(trait, Topic[trait])));

    private static string Say(Trait trait, string value) => Grammar.State(Topic.Name, trait, value);

    private static string OtherFood(Entity entity) => Lexicon.Values(Trait.Food).First(value => value != entity[Trait.Food]);
}
