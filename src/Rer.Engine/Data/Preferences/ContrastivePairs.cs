using Rer.Engine.Data.Prompts;

namespace Rer.Engine.Data.Preferences;

/// <summary>
/// Preference pairs out of any prompt set with references: the reference is chosen, a spoiled one rejected. Each pair's subset names how
/// it was spoiled.
/// </summary>
public static class ContrastivePairs
{
    private static readonly Spoiler[] Spoilers =
    [
        new("other-reference", AnotherReference),
        new("truncation", Truncate),
        new("repetition", Repeat),
        new("shuffled-words", Shuffle),
    ];

    private delegate string? Spoil(PromptSet prompts, PromptItem item, SeededRandom random);

    /// <summary>Ways to spoil a reference: names of the pairs' subsets.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. Spoilers.Select(spoiler => spoiler.Kind)];

    /// <summary>Makes pairs, balanced by kind as far as the references allow: one word can neither be cut nor shuffled.</summary>
    /// <param name="prompts">The set; rows without a reference are passed over.</param>
    /// <param name="seed">Decides which kind each row gets and how it is spoiled.</param>
    /// <param name="pairsPerItem">Pairs for each row, each of another kind. Default 1.</param>
    /// <exception cref="ArgumentException">No row has a reference.</exception>
    public static PreferenceSet Make(PromptSet prompts, int seed, int pairsPerItem = 1)
    {
        if (pairsPerItem < 1 || pairsPerItem > Spoilers.Length)
            throw new ArgumentOutOfRangeException(
                nameof(pairsPerItem), pairsPerItem, $"There are {Spoilers.Length} kinds of pairs: 1 to {Spoilers.Length} for each row.");
        var random = SeededRandom.From(seed, "contrastive pairs");
        var made = Kinds.ToDictionary(kind => kind, _ => 0);
        var pairs = new List<PreferencePair>();
        foreach (var index in random.Permutation(prompts.Count))
        {
            var item = prompts[index];
            if (string.IsNullOrWhiteSpace(item.Reference)) continue;
            // The kind with the fewest pairs so far comes first, whichever of them fits the reference.
            var rejected = Spoilers.OrderBy(spoiler => made[spoiler.Kind])
                .Select(spoiler => (spoiler.Kind, Text: spoiler.Spoil(prompts, item, random)))
                .Where(spoiled => spoiled.Text is not null && spoiled.Text != item.Reference)
                .Take(pairsPerItem);
            foreach (var (kind, text) in rejected.ToArray())
            {
                made[kind]++;
                pairs.Add(new PreferencePair(item.Query, item.Reference, text!, kind));
            }
        }

        if (pairs.Count == 0)
            throw new ArgumentException(
                $"{prompts.Path}: no item has a reference (`output`). Contrastive pairs are made from references.", nameof(prompts));
        return new PreferenceSet(prompts.Path, pairs);
    }

    // Of the same query type where there is one: else its form alone would give it away.
    private static string? AnotherReference(PromptSet prompts, PromptItem item, SeededRandom random)
    {
        var start = random.Next(prompts.Count);
        var others = Enumerable.Range(0, prompts.Count).Select(i => prompts[(start + i) % prompts.Count])
            .Where(other => !string.IsNullOrWhiteSpace(other.Reference) && other.Reference != item.Reference && other.Query != item.Query);
        return (others.FirstOrDefault(other => other.QueryType == item.QueryType) ?? others.FirstOrDefault())?.Reference;
    }

    // Cut after a fifth to three fifths of its words, the text up to there as it was.
    private static string? Truncate(PromptSet prompts, PromptItem item, SeededRandom random)
    {
        var words = Words(item.Reference!);
        if (words.Count < 4) return null;
        var kept = Math.Max(1, (int)(words.Count * (0.2 + 0.4 * random.NextDouble())));
        return item.Reference![..words[kept - 1].End];
    }

    // One to eight of its words in a row, said again three to six times.
    private static string? Repeat(PromptSet prompts, PromptItem item, SeededRandom random)
    {
        var words = Words(item.Reference!);
        var length = 1 + random.Next(Math.Min(8, words.Count));
        var first = random.Next(words.Count - length + 1);
        var span = item.Reference![words[first].Start..words[first + length - 1].End];
        return $"{item.Reference.TrimEnd()} {string.Join(' ', Enumerable.Repeat(span, 3 + random.Next(4)))}";
    }

    private static string? Shuffle(PromptSet prompts, PromptItem item, SeededRandom random)
    {
        string[] words = [.. Words(item.Reference!).Select(word => item.Reference![word.Start..word.End])];
        if (words.Length < 3) return null;
        var shuffled = string.Join(' ', random.Permutation(words.Length).Select(i => words[i]));
        // Few or equal words may fall into their old order.
        return shuffled == string.Join(' ', words) ? null : shuffled;
    }

    private static List<(int Start, int End)> Words(string text)
    {
        var words = new List<(int, int)>();
        for (var i = 0; i < text.Length;)
        {
            while (i < text.Length && char.IsWhiteSpace(text[i])) i++;
            var start = i;
            while (i < text.Length && !char.IsWhiteSpace(text[i])) i++;
            if (i > start) words.Add((start, i));
        }

        return words;
    }

    private sealed record Spoiler(string Kind, Spoil Spoil);
}
