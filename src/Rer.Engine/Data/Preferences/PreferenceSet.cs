using System.Text.Json;

namespace Rer.Engine.Data.Preferences;

/// <summary>
/// Preference pairs: rows of `prompt, chosen, rejected` and, where known, `subset` (RewardBench's form); or of `chosen, rejected` alone,
/// two dialogues that differ in the last answer (HH-RLHF's texts, or lists of messages).
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
    /// <param name="path">The file.</param>
    /// <param name="columns">Names of the fields where they are not the usual ones.</param>
    /// <exception cref="DataFileException">A row is bad; the message lists every such row with its file, line and item.</exception>
    public static PreferenceSet Load(string path, PreferenceColumns? columns = null)
    {
        columns ??= new PreferenceColumns();
        var errors = new List<string>();
        var rows = DataFile.Parse(path, errors);
        ColumnMapping.Check(path, columns.Named, rows, errors);
        return new PreferenceSet(path, DataFile.Convert(path, rows, row => ReadPair(row, columns), errors));
    }

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

    /// <summary>Whether a row is a pair, with a prompt or without.</summary>
    internal static bool IsPair(DataRow row) => Has(row, "chosen") && Has(row, "rejected");

    /// <summary>Reads one row.</summary>
    /// <exception cref="FormatException">The row is bad; the message says what is wrong and what would be right.</exception>
    internal static PreferencePair ReadPair(DataRow row, PreferenceColumns columns)
    {
        var names = (Prompt: columns.Prompt ?? "prompt", Chosen: columns.Chosen ?? "chosen", Rejected: columns.Rejected ?? "rejected");
        string[] missing = [.. new[] { names.Chosen, names.Rejected }.Where(field => !Has(row, field))];
        if (missing.Length > 0)
        {
            if (!Has(row, names.Prompt)) missing = [names.Prompt, .. missing];
            throw new FormatException(
                $"{string.Join(", ", missing.Select(field => $"`{field}`"))} missing. A pair needs `{names.Prompt}`, `{names.Chosen}` "
                    + $"and `{names.Rejected}`.");
        }

        var subset = row.Text(columns.Subset ?? "subset");
        // Beside a prompt a list of messages holds the whole dialogue once more, or the answer alone: its end is the answer.
        if (Has(row, names.Prompt))
            return new PreferencePair(
                DialoguePair.Question(row, names.Prompt)!, DialoguePair.Answer(row, names.Chosen)!,
                    DialoguePair.Answer(row, names.Rejected)!, subset);
        var (prompt, chosen, rejected) = DialoguePair.Read(row, names.Chosen, names.Rejected) ?? throw new FormatException(
            $"`{names.Prompt}` missing, and `{names.Chosen}` and `{names.Rejected}` are no two endings of one dialogue. A pair needs all "
                + $"three, or two dialogues alike up to the last \"Assistant:\".");
        return new PreferencePair(prompt, chosen, rejected, subset);
    }

    private static bool Has(DataRow row, string field) =>
        row.Fields.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null;

    private static Dictionary<string, string> Fields(PreferencePair pair)
    {
        var fields = new Dictionary<string, string> { ["prompt"] = pair.Prompt, ["chosen"] = pair.Chosen, ["rejected"] = pair.Rejected };
        if (pair.Subset is not null) fields["subset"] = pair.Subset;
        return fields;
    }
}

/// <summary>Two responses to one prompt, the first better than the second.</summary>
/// <param name="Prompt">The query, template not applied.</param>
/// <param name="Chosen">The better response.</param>
/// <param name="Rejected">The worse response.</param>
/// <param name="Subset">What part of a set the pair belongs to; benches report accuracy by it.</param>
public sealed record PreferencePair(string Prompt, string Chosen, string Rejected, string? Subset = null)
{
    /// <summary>
    /// Share of annotators who prefer <see cref="Chosen"/>, in [0, 1]; 1 where one was asked. It is not saved with a set.
    /// </summary>
    public double Agreement { get; init; } = 1;
}
