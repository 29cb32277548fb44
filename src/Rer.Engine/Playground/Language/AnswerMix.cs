using Rer.Engine.Data;

namespace Rer.Engine.Playground.Language;

/// <summary>
/// Answers of mixed quality. The supervised policy learns from <see cref="Supervised"/>, so that there is room to improve;
/// the gold model's pairs add <see cref="Composed"/>, which covers what a policy may drift into.
/// </summary>
internal sealed class AnswerMix(World world)
{
    /// <summary>Filler sentences of an answer that never ends: more than a response has room for.</summary>
    private const int Endless = 12;

    /// <summary>Share of right closed-ended answers that are whole sentences.</summary>
    private const double RightInFull = 0.6;

    // Sentences of a clean open-ended answer: 1, 2, ... 8.
    private static readonly double[] CleanLengths = [0.42, 0.25, 0.11, 0.07, 0.05, 0.04, 0.03, 0.03];

    private enum OpenQuality { Clean, Padded, Repeating, OffTopic, Drifting, False, Disfluent, Endless }

    private static readonly double[] OpenShares = [0.58, 0.06, 0.05, 0.10, 0.08, 0.06, 0.04, 0.03];

    private enum ClosedQuality { Right, Bare, Verbose, Wrong, WrongBare, Unknown, OffTopic, Rambling, RunOn }

    private static readonly double[] ClosedShares = [0.27, 0.20, 0.09, 0.13, 0.06, 0.13, 0.08, 0.03, 0.01];

    /// <summary>True sentences about an inhabitant: distinct traits in their cyclic order, from a random one.</summary>
    public static List<string> Facts(TaskKind style, Entity entity, int count, SeededRandom random)
    {
        var first = random.Next(Lexicon.Traits.Length);
        return [.. Enumerable.Range(first, count).Select(i => Fact(style, entity, i, random))];
    }

    /// <summary>An answer as the supervised policy's training data has it.</summary>
    public string Supervised(PlaygroundQuery query, SeededRandom random) =>
        string.Join(' ', query.Topic is { } topic && query.Task <= TaskKind.Explain
        ? OpenEnded(query.Task, topic, (OpenQuality)random.PickWeighted(OpenShares), random)
        : ClosedEnded(query, (ClosedQuality)random.PickWeighted(ClosedShares), random));

    /// <summary>A right answer: what the gold model's backbone learns the world from.</summary>
    public string Right(PlaygroundQuery query, SeededRandom random) =>
        string.Join(' ', query.Topic is { } topic && query.Task <= TaskKind.Explain
        ? OpenEnded(query.Task, topic, OpenQuality.Clean, random)
        : ClosedEnded(query, random.Chance(RightInFull) ? ClosedQuality.Right : ClosedQuality.Bare, random));

    /// <summary>An answer put together at random: any number of good sentences, and of each fault.</summary>
    public string Composed(PlaygroundQuery query, SeededRandom random) =>
        string.Join(' ', query.Topic is { } topic && query.Task <= TaskKind.Explain
        ? ComposedOpenEnded(query.Task, topic, random)
        : ComposedClosedEnded(query, random));

    private List<string> OpenEnded(TaskKind style, Entity topic, OpenQuality quality, SeededRandom random)
    {
        var sentences = Facts(style, topic, 1 + random.PickWeighted(CleanLengths), random);
        switch (quality)
        {
            case OpenQuality.Padded:
                Insert(sentences, random.Next(1, 4), () => random.Pick(Lexicon.Fillers), random);
                break;
            case OpenQuality.Repeating:
                var copies = random.Next(2, 6);
                for (var i = 0; i < copies; i++) sentences.Add(sentences[random.Next(Math.Max(0, sentences.Count - 2), sentences.Count)]);
                break;
            case OpenQuality.OffTopic:
                return Facts(style, world.Other(topic, random), random.Next(1, 5), random);
            case OpenQuality.Drifting:
                sentences.AddRange(Facts(style, world.Other(topic, random), random.Next(1, 5), random));
                break;
            case OpenQuality.False:
                return [.. sentences.Select((sentence, i) => i == 0 || random.Chance(0.5) ? Falsehood(style, topic, random) : sentence)];
            case OpenQuality.Disfluent:
                return [.. sentences.Select(sentence => Scramble(sentence, random))];
            case OpenQuality.Endless:
                return [.. Enumerable.Range(0, Endless).Select(_ => random.Pick(Lexicon.Fillers))];
            case OpenQuality.Clean:
            default:
                break;
        }

        return sentences;
    }

    private List<string> ClosedEnded(PlaygroundQuery query, ClosedQuality quality, SeededRandom random)
    {
        var right = random.Chance(RightInFull) ? query.Reference : query.Bare;
        return quality switch
        {
            ClosedQuality.Right => [query.Reference],
            ClosedQuality.Bare => [query.Bare],
            ClosedQuality.Verbose => [right, .. More(query, random.Next(1, 4), random)],
            ClosedQuality.Wrong => [random.Pick(query.Wrong).Sentence],
            ClosedQuality.WrongBare => [random.Pick(query.Wrong).Bare],
            ClosedQuality.Unknown => [random.Pick(Lexicon.Unknowns)],
            ClosedQuality.OffTopic => Facts(AnyStyle(random), world.Other(query.Topic, random), random.Next(1, 3), random),
            ClosedQuality.Rambling =>
                [random.Pick(Lexicon.Unknowns), .. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Pick(Lexicon.Fillers))],
            _ => [right, .. More(query, random.Next(6, 10), random)],
        };
    }

    private List<string> ComposedOpenEnded(TaskKind style, Entity topic, SeededRandom random)
    {
        var sentences = Facts(style, topic, random.Next(0, 9), random);
        if (random.Chance(0.3)) Insert(sentences, random.Next(1, 4), () => random.Pick(Lexicon.Fillers), random);
        if (random.Chance(0.3))
        {
            var other = world.Other(topic, random);
            Insert(sentences, random.Next(1, 4), () => Fact(style, other, random.Next(Lexicon.Traits.Length), random), random);
        }

        if (random.Chance(0.25)) Insert(sentences, random.Next(1, 3), () => Falsehood(style, topic, random), random);
        if (sentences.Count > 0 && random.Chance(0.35))
        {
            var copies = random.Next(1, 5);
            for (var i = 0; i < copies; i++) sentences.Add(random.Pick(sentences));
        }

        if (sentences.Count > 0 && random.Chance(0.2))
        {
            var i = random.Next(sentences.Count);
            sentences[i] = Scramble(sentences[i], random);
        }

        if (sentences.Count == 0) sentences.Add(random.Pick(Lexicon.Fillers));
        if (random.Chance(0.2)) sentences[^1] = CutOff(sentences[^1], random);
        return sentences;
    }

    private List<string> ComposedClosedEnded(PlaygroundQuery query, SeededRandom random)
    {
        var first = random.PickWeighted(0.36, 0.14, 0.20, 0.06, 0.09, 0.05, 0.10) switch
        {
            0 => query.Reference,
            1 => query.Bare,
            2 => random.Pick(query.Wrong).Sentence,
            3 => random.Pick(query.Wrong).Bare,
            4 => random.Pick(Lexicon.Unknowns),
            5 => random.Pick(Lexicon.Fillers),
            _ => More(query, 1, random)[0],
        };
        var further = random.Chance(0.4) ? 0 : random.Next(1, 8);
        List<string> sentences = [first, .. More(query, further, random)];
        if (further > 0 && random.Chance(0.3)) sentences[^1] = CutOff(sentences[^1], random);
        return sentences;
    }

    /// <summary>What a talkative answer to a closed-ended query goes on with.</summary>
    private List<string> More(PlaygroundQuery query, int count, SeededRandom random)
    {
        var other = random.Chance(0.25) || query.Topic is null ? world.Other(query.Topic, random) : query.Topic;
        var facts = Facts(AnyStyle(random), other, count, random);
        for (var i = 0; i < facts.Count; i++)
        {
            if (random.Chance(0.25)) facts[i] = random.Pick(Lexicon.Fillers);
            else if (random.Chance(0.1)) facts[i] = query.Reference;
        }

        return facts;
    }

    private static string Fact(TaskKind style, Entity entity, int index, SeededRandom random)
    {
        var trait = Lexicon.Traits[index % Lexicon.Traits.Length];
        return Grammar.Tell(style, entity, trait, entity[trait], random);
    }

    private static string Falsehood(TaskKind style, Entity topic, SeededRandom random)
    {
        var trait = random.Pick(Lexicon.Traits);
        string value;
        do value = random.Pick(Lexicon.Values(trait));
        while (value == topic[trait]);
        return Grammar.Tell(style, topic, trait, value, random);
    }

    private static TaskKind AnyStyle(SeededRandom random) => (TaskKind)random.Next((int)TaskKind.Fact);

    private static void Insert(List<string> sentences, int count, Func<string> sentence, SeededRandom random)
    {
        for (var i = 0; i < count; i++) sentences.Insert(random.Next(sentences.Count + 1), sentence());
    }

    private static string Scramble(string sentence, SeededRandom random)
    {
        return string.Join(' ', random.Shuffled(sentence.TrimEnd('.').Split(' '))) + ".";
    }

    private static string CutOff(string sentence, SeededRandom random)
    {
        var words = sentence.TrimEnd('.').Split(' ');
        return string.Join(' ', words[..random.Next(1, words.Length + 1)]);
    }
}
