using Rer.Engine.Data;
using Rer.Engine.Data.Preferences;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Playground.Language;

namespace Rer.Engine.Playground;

/// <summary>The playground's data sets, in the paper's JSON.</summary>
internal static class PlaygroundData
{
    /// <summary>Prompts to train on.</summary>
    public const string Training = "train.json";

    /// <summary>Prompts to choose settings with.</summary>
    public const string Validation = "validation.json";

    /// <summary>Prompts to evaluate on.</summary>
    public const string Evaluation = "evaluation.json";

    /// <summary>Preference pairs that the gold model never saw, in the rubric's own order.</summary>
    public const string HeldOutPairs = "preferences-heldout.jsonl";

    private const int HeldOutCount = 2000;

    /// <summary>Writes all sets into a folder.</summary>
    public static void Write(string folder, QueryBook book, PreferenceSource preferences, int seed)
    {
        foreach (var name in new[] { Training, Validation, Evaluation })
            DataFile.Write(Path.Combine(folder, name), Queries(name, book, seed).Select(Row));
        new PreferenceSet(HeldOutPairs, HeldOut(preferences, seed)).Save(Path.Combine(folder, HeldOutPairs));
    }

    /// <summary>The queries of a set, in its order; three in five are open-ended.</summary>
    public static PlaygroundQuery[] Queries(string name, QueryBook book, int seed)
    {
        var (part, open, closed) = name switch
        {
            Training => (book.Training, 420, 280),
            Validation => (book.Validation, 60, 40),
            Evaluation => (book.Evaluation, 144, 96),
            _ => throw new ArgumentException($"{name}: there is no such set.", nameof(name)),
        };
        return QueryBook.Select(part, open, closed, SeededRandom.From(seed, $"playground/{name}"));
    }

    /// <summary>Pairs to report the gold model's accuracy on.</summary>
    public static IReadOnlyList<PreferencePair> HeldOut(PreferenceSource preferences, int seed)
    {
        var random = SeededRandom.From(seed, "playground/held-out pairs");
        return [.. Enumerable.Range(0, HeldOutCount).Select(_ => preferences.Draw(random))];
    }

    private static Dictionary<string, string> Row(PlaygroundQuery query) => new()
    {
        ["input"] = query.Text,
        ["output"] = query.Reference,
        ["qtype"] = query.QueryType.Code(),
        ["dataset"] = query.Task.ToString().ToLowerInvariant(),
    };
}
