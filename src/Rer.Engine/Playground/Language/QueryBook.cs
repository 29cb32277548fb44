using Rer.Engine.Data;

namespace Rer.Engine.Playground.Language;

/// <summary>All queries of a world, in three parts that share no inhabitant, no sum, no conversion and no misspelled word.</summary>
internal sealed class QueryBook
{
    // Shares of the closed-ended tasks, from Fact to Spelling.
    private static readonly double[] ClosedShares = [0.40, 0.20, 0.15, 0.10, 0.05, 0.10];

    private static readonly (string Many, string One, int Factor)[] Units =
    [
        ("days", "weeks", 7), ("hours", "days", 24), ("eggs", "boxes", 12), ("fingers", "hands", 5),
        ("months", "years", 12), ("legs", "spiders", 8), ("sides", "triangles", 3),
    ];

    private static readonly bool[] Truths = [true, false];

    /// <summary>Writes every query; phrasings and distractors are drawn from the world's seed.</summary>
    public QueryBook(World world)
    {
        var random = SeededRandom.From(world.Seed, "playground/queries");
        var sums = Split(Sums(random), random);
        var conversions = Split(Conversions(random), random);
        var spellings = Split(Spellings(random), random);
        Training = Part(world.Training, sums[0], conversions[0], spellings[0], random);
        Validation = Part(world.Validation, sums[1], conversions[1], spellings[1], random);
        Evaluation = Part(world.Evaluation, sums[2], conversions[2], spellings[2], random);
        Everything = Merge(Training, Validation, Evaluation);
    }

    /// <summary>Queries by task, for PPO.</summary>
    public IReadOnlyDictionary<TaskKind, IReadOnlyList<PlaygroundQuery>> Training { get; }

    /// <summary>Queries by task, for validation.</summary>
    public IReadOnlyDictionary<TaskKind, IReadOnlyList<PlaygroundQuery>> Validation { get; }

    /// <summary>Queries by task, for evaluation.</summary>
    public IReadOnlyDictionary<TaskKind, IReadOnlyList<PlaygroundQuery>> Evaluation { get; }

    /// <summary>All of them: what the supervised policy and the gold model are trained on.</summary>
    public IReadOnlyDictionary<TaskKind, IReadOnlyList<PlaygroundQuery>> Everything { get; }

    /// <summary>One query of <paramref name="part"/>; open-ended with probability <paramref name="openShare"/>.</summary>
    public static PlaygroundQuery Draw(
        IReadOnlyDictionary<TaskKind, IReadOnlyList<PlaygroundQuery>> part, double openShare, SeededRandom random)
    {
        var task = random.Chance(openShare)
            ? (TaskKind)random.Next((int)TaskKind.Fact)
            : TaskKind.Fact + random.PickWeighted(ClosedShares);
        return random.Pick(part[task]);
    }

    /// <summary>
    /// Distinct queries of a part: <paramref name="open"/> open-ended and <paramref name="closed"/> closed-ended, shuffled.
    /// </summary>
    public static PlaygroundQuery[] Select(
        IReadOnlyDictionary<TaskKind, IReadOnlyList<PlaygroundQuery>> part, int open, int closed, SeededRandom random)
    {
        var chosen = new List<PlaygroundQuery>();
        for (var style = TaskKind.Describe; style <= TaskKind.Explain; style++) Take(style, open / 4);
        for (var task = TaskKind.YesNo; task <= TaskKind.Spelling; task++)
            Take(task, (int)Math.Round(closed * ClosedShares[task - TaskKind.Fact]));
        Take(TaskKind.Fact, open + closed - chosen.Count);
        return random.Shuffled(chosen);

        void Take(TaskKind task, int count)
        {
            var pool = random.Shuffled(part[task]);
            if (pool.Length < count) throw new ArgumentException($"{task}: {count} queries asked for, {pool.Length} exist in this part.");
            chosen.AddRange(pool[..count]);
        }
    }

    private static Dictionary<TaskKind, IReadOnlyList<PlaygroundQuery>> Part(
        IReadOnlyList<Entity> entities,
        IReadOnlyList<PlaygroundQuery> sums,
        IReadOnlyList<PlaygroundQuery> conversions,
        IReadOnlyList<PlaygroundQuery> spellings,
        SeededRandom random)
    {
        var part = new Dictionary<TaskKind, IReadOnlyList<PlaygroundQuery>>();
        for (var style = TaskKind.Describe; style <= TaskKind.Explain; style++)
        {
            var task = style;
            part[task] = [.. from entity in entities
                             from phrasing in Phrasebook.QueriesOf(task)
                             select OpenEnded(task, entity, phrasing, random)];
        }

        part[TaskKind.Fact] = [.. from entity in entities
                                  from trait in Lexicon.Traits
                                  from phrasing in Phrasebook.QuestionsOf(trait)
                                  select Fact(entity, trait, phrasing)];
        part[TaskKind.YesNo] = [.. from entity in entities
                                   from trait in Lexicon.Traits
                                   from truth in Truths
                                   select YesNo(entity, trait, truth, random)];
        part[TaskKind.Pick] = [.. from entity in entities from trait in Lexicon.Traits select Pick(entity, trait, random)];
        part[TaskKind.Sum] = sums;
        part[TaskKind.Conversion] = conversions;
        part[TaskKind.Spelling] = spellings;
        return part;
    }

    private static PlaygroundQuery OpenEnded(TaskKind style, Entity entity, string phrasing, SeededRandom random)
    {
        var reference = string.Join(' ', AnswerMix.Facts(style, entity, random.Next(4, 7), random));
        return new PlaygroundQuery(style, phrasing.Replace("{E}", entity.FullName), reference) { Topic = entity };
    }

    private static PlaygroundQuery Fact(Entity entity, Trait trait, string phrasing) =>
        AboutTrait(TaskKind.Fact, phrasing.Replace("{E}", entity.FullName), entity, trait);

    private static PlaygroundQuery Pick(Entity entity, Trait trait, SeededRandom random)
    {
        var other = OtherValue(entity, trait, random);
        var (first, second) = random.Chance(0.5) ? (entity[trait], other) : (other, entity[trait]);
        return AboutTrait(TaskKind.Pick, $"Choose for {entity.FullName}: {first} or {second}?", entity, trait);
    }

    private static PlaygroundQuery AboutTrait(TaskKind task, string text, Entity entity, Trait trait) =>
        new(task, text, Grammar.State(entity.Name, trait, entity[trait]))
        {
            Topic = entity,
            Trait = trait,
            Bare = Bare(entity[trait]),
            Wrong = [.. Lexicon.Values(trait).Where(value => value != entity[trait])
                .Select(value => (Grammar.State(entity.Name, trait, value), Bare(value)))],
        };

    private static PlaygroundQuery YesNo(Entity entity, Trait trait, bool truth, SeededRandom random)
    {
        var asked = truth ? entity[trait] : OtherValue(entity, trait, random);
        var statement = Grammar.State(entity.FullName, trait, asked);
        string Answer(bool yes, string value) => $"{(yes ? "Yes" : "No")}, {Grammar.State(entity.Name, trait, value)}";
        return new PlaygroundQuery(TaskKind.YesNo, $"Is it true that {statement[..^1]}?", Answer(truth, entity[trait]))
        {
            Topic = entity,
            Trait = trait,
            Bare = truth ? "Yes." : "No.",
            Wrong =
            [
                (Answer(!truth, asked), truth ? "No." : "Yes."),
                (Answer(false, OtherValue(entity, trait, random)), truth ? "No." : "Yes."),
            ],
        };
    }

    private static IEnumerable<PlaygroundQuery> Sums(SeededRandom random)
    {
        for (var a = 2; a <= 12; a++)
        {
            for (var b = 2; b <= 12; b++)
            {
                var text = random.Chance(0.5) ? $"What is {a} plus {b}?" : $"Add {a} and {b}.";
                var (x, y) = (a, b);
                yield return Number(TaskKind.Sum, text, a + b, n => $"{x} plus {y} is {n}.", [-3, -2, -1, 1, 2, 3, 10]);
            }
        }
    }

    private static IEnumerable<PlaygroundQuery> Conversions(SeededRandom random)
    {
        foreach (var (many, one, factor) in Units)
        {
            for (var count = 2; count <= 7; count++)
            {
                var text = random.Chance(0.5) ? $"How many {many} are in {count} {one}?" : $"Count the {many} in {count} {one}.";
                var times = count;
                yield return Number(
                    TaskKind.Conversion, text, count * factor, n => $"There are {n} {many} in {times} {one}.",
                    [-factor, factor, -1, 1, 2 * factor]);
            }
        }
    }

    private static PlaygroundQuery Number(TaskKind task, string text, int answer, Func<int, string> sentence, int[] errors) =>
        new(task, text, sentence(answer))
        {
            Bare = $"{answer}.",
            Wrong = [.. errors.Where(error => answer + error > 0).Select(error => (sentence(answer + error), $"{answer + error}."))],
        };

    private static IEnumerable<PlaygroundQuery> Spellings(SeededRandom random)
    {
        var words = Lexicon.Traits.SelectMany(Lexicon.Values).Where(word => word.Length >= 5).ToArray();
        foreach (var word in words)
        {
            var typo = Misspell(word, random);
            var text = random.Chance(0.5) ? $"How do you spell {typo}?" : $"Correct the word {typo}.";
            yield return new PlaygroundQuery(TaskKind.Spelling, text, Sentence(word))
            {
                Bare = Bare(word),
                Wrong =
                [
                    (Sentence(typo), Bare(typo)),
                    .. Enumerable.Range(0, 4).Select(_ => random.Pick(words)).Where(other => other != word)
                        .Select(other => (Sentence(other), Bare(other))),
                ],
            };
        }

        static string Sentence(string word) => $"The right word is {word}.";
    }

    private static string Misspell(string word, SeededRandom random)
    {
        while (true)
        {
            var i = random.Next(1, word.Length - 1);
            var typo = random.Next(3) switch
            {
                0 => word.Remove(i, 1),
                1 => word.Insert(i, word[i].ToString()),
                _ => word[..i] + word[i + 1] + word[i] + word[(i + 2)..],
            };
            if (typo != word) return typo;
        }
    }

    private static string OtherValue(Entity entity, Trait trait, SeededRandom random)
    {
        string value;
        do value = random.Pick(Lexicon.Values(trait));
        while (value == entity[trait]);
        return value;
    }

    private static string Bare(string value) => Grammar.Capitalise(value) + ".";

    /// <summary>Training, validation, evaluation: 75, 8 and 17 in a hundred.</summary>
    private static PlaygroundQuery[][] Split(IEnumerable<PlaygroundQuery> queries, SeededRandom random)
    {
        var all = random.Shuffled([.. queries]);
        var (training, validation) = (all.Length * 75 / 100, all.Length * 83 / 100);
        return [all[..training], all[training..validation], all[validation..]];
    }

    private static Dictionary<TaskKind, IReadOnlyList<PlaygroundQuery>> Merge(
        params IReadOnlyDictionary<TaskKind, IReadOnlyList<PlaygroundQuery>>[] parts) =>
        Enum.GetValues<TaskKind>()
            .ToDictionary(task => task, task => (IReadOnlyList<PlaygroundQuery>)[.. parts.SelectMany(part => part[task])]);
}
