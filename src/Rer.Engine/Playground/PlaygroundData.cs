using Rer.Engine.Data;

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
        Write(Training, book.Training, open: 600, closed: 400);
        Write(Validation, book.Validation, open: 60, closed: 40);
        Write(Evaluation, book.Evaluation, open: 144, closed: 96);
        new PreferenceSet(HeldOutPairs, HeldOut(preferences, seed)).Save(Path.Combine(folder, HeldOutPairs));

        void Write(string name, IReadOnlyDictionary<TaskKind, IReadOnlyList<PlaygroundQuery>> part, int open, int closed) => DataFile.Write(
            Path.Combine(folder, name),
            QueryBook.Select(part, open, closed, SeededRandom.From(seed, $"playground/{name}")).Select(Row));
    }

    /// <summary>Pairs to report the gold model's accuracy on.</summary>
    public static IReadOnlyList<PreferencePair> HeldOut(PreferenceSource preferences, int seed)
    {
        var random = SeededRandom.From(seed, "playground/held-out pairs");
        return [.. Enumerable.Range(0, HeldOutCount).Select(_ => preferences.Draw(random, noise: false))];
    }

    private static Dictionary<string, string> Row(PlaygroundQuery query) => new()
    {
        ["input"] = query.Text,
        ["output"] = query.Reference,
        ["qtype"] = query.QueryType.Code(),
        ["dataset"] = query.Task.ToString().ToLowerInvariant(),
    };
}
