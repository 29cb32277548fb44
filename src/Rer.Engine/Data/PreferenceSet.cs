namespace Rer.Engine.Data;

/// <summary>
/// Preference pairs: rows of `prompt, chosen, rejected` and, where known, `subset`; or of `chosen, rejected` alone, two dialogues that
/// differ in the last answer.
/// </summary>
public sealed class PreferenceSet
{
    /// <summary>A set of pairs held in memory.</summary>
    /// <param name="path">Where it came from; error messages name it.</param>
    /// <param name="pairs">The pairs, in order.</param>
    public PreferenceSet(string path, IReadOnlyList<PreferencePair> pairs)
    {
        Path = path;
        Pairs = pairs;
    }

    /// <summary>The file the set came from.</summary>
    public string Path { get; }

    /// <summary>The pairs, in the file's order.</summary>
    public IReadOnlyList<PreferencePair> Pairs { get; }

    /// <summary>Number of pairs.</summary>
    public int Count => Pairs.Count;

    /// <summary>Reads a JSON list, JSON Lines, or a table (`.csv`, `.tsv`).</summary>
    /// <exception cref="DataFileException">A row is bad; the message lists every such row with its file, line and item.</exception>
    public static PreferenceSet Load(string path) => new(path, DataFile.Read(path, ReadPair));

    /// <summary>Writes JSON Lines where the name ends in `.jsonl`, else a JSON list; <see cref="Load"/> reads it back.</summary>
    public void Save(string path) => DataFile.Write(path, Pairs.Select(Fields));

    /// <summary>
    /// Holds a share of the set back. All pairs of one prompt go to one side, so that held-out accuracy is of prompts never seen.
    /// </summary>
    /// <param name="heldOut">Share of the prompts to hold back, in (0, 1).</param>
    /// <param name="seed">Decides which.</param>
    public (PreferenceSet Train, PreferenceSet HeldOut) Split(double heldOut, int seed)
    {
        if (heldOut is <= 0 or >= 1)
            throw new ArgumentOutOfRangeException(nameof(heldOut), heldOut, "The share held out lies within (0, 1).");
        var prompts = Pairs.Select(pair => pair.Prompt).Distinct().ToArray();
        var order = SeededRandom.From(seed, "preference split").Permutation(prompts.Length);
        var held = order.Take((int)Math.Round(prompts.Length * heldOut)).Select(i => prompts[i]).ToHashSet();
        return (new PreferenceSet(Path, [.. Pairs.Where(pair => !held.Contains(pair.Prompt))]),
            new PreferenceSet(Path, [.. Pairs.Where(pair => held.Contains(pair.Prompt))]));
    }

    private static PreferencePair ReadPair(DataRow row)
    {
        var (prompt, chosen, rejected) = (row.Text("prompt"), row.Text("chosen"), row.Text("rejected"));
        if (prompt is null && chosen is not null && rejected is not null && DialoguePair.Read(chosen, rejected) is { } endings)
            (prompt, chosen, rejected) = endings;
        if (prompt is not null && chosen is not null && rejected is not null)
            return new PreferencePair(prompt, chosen, rejected, row.Text("subset"));
        var missing = new[] { (prompt, "`prompt`"), (chosen, "`chosen`"), (rejected, "`rejected`") }.Where(field => field.Item1 is null);
        throw new FormatException(
            $"{string.Join(", ", missing.Select(field => field.Item2))} missing. A pair needs `prompt`, `chosen` and `rejected`.");
    }

    private static Dictionary<string, string> Fields(PreferencePair pair)
    {
        var fields = new Dictionary<string, string> { ["prompt"] = pair.Prompt, ["chosen"] = pair.Chosen, ["rejected"] = pair.Rejected };
        if (pair.Subset is not null) fields["subset"] = pair.Subset;
        return fields;
    }
}
