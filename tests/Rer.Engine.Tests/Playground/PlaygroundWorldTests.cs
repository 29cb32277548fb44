using Rer.Engine.Data;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Playground.Language;

namespace Rer.Engine.Tests.Playground;

public sealed class PlaygroundWorldTests
{
    private readonly World _world = new(1);
    private readonly Grammar _grammar;
    private readonly QueryBook _book;

    public PlaygroundWorldTests()
    {
        _grammar = new Grammar(_world);
        _book = new QueryBook(_world);
    }

    [Fact]
    public void The_same_seed_gives_the_same_world_and_another_seed_another()
    {
        Assert.Equal(Print(_world), Print(new World(1)));
        Assert.NotEqual(Print(_world), Print(new World(2)));

        static IEnumerable<string> Print(World world) =>
            world.All.Select(entity => $"{entity.FullName}: {string.Join(", ", entity.Values)}");
    }

    [Fact]
    public void The_same_seed_gives_the_same_queries() =>
        Assert.Equal(Texts(_book.Everything), Texts(new QueryBook(new World(1)).Everything));

    [Fact]
    public void Splits_share_no_inhabitant_and_no_query()
    {
        Assert.Equal(_world.All.Count, _world.Training.Concat(_world.Validation).Concat(_world.Evaluation).Distinct().Count());
        string[][] parts = [[.. Texts(_book.Training)], [.. Texts(_book.Validation)], [.. Texts(_book.Evaluation)]];
        Assert.All(parts, part => Assert.NotEmpty(part));
        Assert.Empty(parts[0].Intersect(parts[2]));
        Assert.Empty(parts[0].Intersect(parts[1]));
        Assert.Empty(parts[1].Intersect(parts[2]));
        Assert.All(_book.Evaluation.Values.SelectMany(queries => queries), query =>
            Assert.True(query.Topic is null || _world.Evaluation.Contains(query.Topic)));
    }

    [Fact]
    public void Every_sentence_that_can_be_told_is_read_back()
    {
        var random = SeededRandom.From(1, "test");
        for (var i = 0; i < 20_000; i++)
        {
            var entity = random.Pick(_world.All);
            var (style, trait) = ((TaskKind)random.Next(4), random.Pick(Lexicon.Traits));
            var value = random.Pick(Lexicon.Values(trait));
            var sentence = Grammar.Tell(style, entity, trait, value, random);
            Assert.Equal(new Claim(entity, trait, value, true), _grammar.Read(sentence[..^1]));
        }
    }

    [Fact]
    public void A_sentence_that_calls_a_fox_a_bear_is_false()
    {
        var fox = _world.All.First(entity => entity.Kind == "fox");
        var claim = _grammar.Read(Grammar.State($"{fox.Name} the bear", Trait.Food, fox[Trait.Food])[..^1]);
        Assert.NotNull(claim);
        Assert.False(claim.IsTrue);
    }

    [Theory]
    [InlineData("Mira honey eats every day")]
    [InlineData("Eats honey every day")]
    [InlineData("Mira eats red every day")]
    [InlineData("Mira eats honey honey every day")]
    [InlineData("")]
    public void What_is_no_sentence_of_the_world_is_not_read(string sentence) => Assert.Null(_grammar.Read(sentence));

    [Fact]
    public void Every_slot_has_at_least_four_templates()
    {
        Assert.True(Lexicon.Traits.Length >= 8);
        Assert.All(Lexicon.Traits, trait => Assert.All(
            [TaskKind.Describe, TaskKind.Story, TaskKind.Advice, TaskKind.Explain],
            style => Assert.Equal(4, Phrasebook.CoresOf(style, trait).Distinct().Count())));
    }

    [Fact]
    public void Words_stand_for_one_thing_only()
    {
        var words = Lexicon.Names.Concat(Lexicon.Kinds).Concat(Lexicon.Traits.SelectMany(Lexicon.Values)).ToArray();
        Assert.Equal(words.Length, words.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void A_wrong_answer_is_never_the_right_one() =>
        Assert.All(_book.Everything.Values.SelectMany(queries => queries).Where(query => query.QueryType == QueryType.ClosedEnded), query =>
        {
            Assert.NotEmpty(query.Wrong);
            Assert.All(query.Wrong, wrong => Assert.True(wrong.Sentence != query.Reference && wrong.Bare != query.Bare, query.Text));
        });

    private static IEnumerable<string> Texts(IReadOnlyDictionary<TaskKind, IReadOnlyList<PlaygroundQuery>> part) =>
        part.Values.SelectMany(queries => queries).Select(query => query.Text);
}
