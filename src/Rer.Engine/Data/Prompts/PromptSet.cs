using Rer.Engine.Data.Preferences;
using Rer.Engine.Input;

namespace Rer.Engine.Data.Prompts;

/// <summary>
/// Prompts to train or evaluate on. Fields of a row: `input` or `instruction` (the query; both together are the instruction with its
/// input), `output` (the reference), `qtype`, `dataset`, `relevance`; `query` and `reference` are read as well, and of preference pairs
/// `prompt` with `chosen` as the reference, or two dialogues as <see cref="PreferenceSet"/> reads them.
/// </summary>
public sealed class PromptSet
{
    /// <summary>A set of items held in memory.</summary>
    /// <param name="path">Where it came from; error messages name it.</param>
    /// <param name="items">The items, in order.</param>
    public PromptSet(string path, IReadOnlyList<PromptItem> items)
    {
        Path = path;
        Items = items;
    }

    /// <summary>The file the set came from.</summary>
    public string Path { get; }

    /// <summary>The items, in the file's order.</summary>
    public IReadOnlyList<PromptItem> Items { get; }

    /// <summary>Number of items.</summary>
    public int Count => Items.Count;

    /// <summary>The item at a position.</summary>
    public PromptItem this[int index] => Items[index];

    /// <summary>Reads a JSON list, JSON Lines, or a table (`.csv`, `.tsv`).</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">Names of the fields where they are not the usual ones.</param>
    /// <exception cref="DataFileException">A row is bad; the message lists every such row with its file, line and item.</exception>
    public static PromptSet Load(string path, PromptColumns? columns = null)
    {
        columns ??= new PromptColumns();
        var errors = new List<string>();
        var rows = DataFile.Parse(path, errors);
        ColumnMapping.Check(path, columns.Named, rows, errors);
        return new PromptSet(path, DataFile.Convert(path, rows, row => ReadItem(row, columns), errors));
    }

    /// <summary>
    /// Writes JSON Lines where the name ends in `.jsonl`, else a JSON list, under the usual names; <see cref="Load"/> reads it back.
    /// </summary>
    public void Save(string path) => DataFile.Write(path, Items.Select(Fields));

    /// <summary>The same set, cut to its first <paramref name="count"/> items; 0 keeps all.</summary>
    public PromptSet Take(int count) => count <= 0 || count >= Count ? this : new PromptSet(Path, [.. Items.Take(count)]);

    /// <summary>Number of items of a query type; null counts the items without one.</summary>
    public int CountOf(QueryType? type) => Items.Count(item => item.QueryType == type);

    /// <summary>How messages name an item: `data/train.json, line 40, item 17`.</summary>
    public string Place(PromptItem item) => DataFile.Place(Path, item.Line, item.Index);

    /// <summary>Reads one row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="columns">Names of the fields where they are not the usual ones.</param>
    /// <exception cref="FormatException">The row is bad; the message says what is wrong and what would be right.</exception>
    public static PromptItem ReadItem(DataRow row, PromptColumns? columns = null)
    {
        columns ??= new PromptColumns();
        var (query, reference) = columns.Query is { } named ? (row.Text(named), null) : ReadQuery(row);
        if (string.IsNullOrWhiteSpace(query))
            throw new FormatException(
                $"no query. A row needs `{columns.Query ?? "input` or `instruction"}` with some text; it has "
                    + $"{ColumnMapping.Names(row.FieldNames)}.");
        reference = columns.Reference is { } field ? row.Text(field) : row.Text("output") ?? row.Text("reference") ?? reference;
        return new PromptItem(row.Index, query, reference, ReadType(row.Text(columns.QueryType ?? "qtype")))
        {
            Dataset = columns.Dataset is null ? row.Text("dataset") ?? row.Text("subset") : row.Text(columns.Dataset),
            Relevance = row.Number(columns.Relevance ?? "relevance"),
            QueryTypeIsPredicted = row.Flag("qtype_predicted"),
            Line = row.Line,
        };
    }

    private static (string? Query, string? Reference) ReadQuery(DataRow row)
    {
        var (instruction, input) = (row.Text("instruction"), row.Text("input"));
        // Alpaca's own files hold the two apart; the paper's hold them joined, in this form.
        if (!string.IsNullOrWhiteSpace(instruction) && !string.IsNullOrWhiteSpace(input))
            return ($"{instruction}\n\n### Input:\n{input}", null);
        if (!string.IsNullOrWhiteSpace(instruction)) return (instruction, null);
        if ((input ?? row.Text("query")) is { } query) return (query, null);
        if (!PreferenceSet.IsPair(row)) return (DialoguePair.Question(row, "prompt"), null);
        var pair = PreferenceSet.ReadPair(row, new PreferenceColumns());
        return (pair.Prompt, pair.Chosen);
    }

    private static QueryType? ReadType(string? code)
    {
        if (code is null) return null;
        return QueryTypes.TryParse(code, out var type)
            ? type
            : throw new FormatException(
                $"query type '{Excerpt.Of(code)}' is not known. Branching designs need OPENENDED or CONSTRAINED on every item.");
    }

    private static Dictionary<string, object> Fields(PromptItem item)
    {
        var fields = new Dictionary<string, object> { ["input"] = item.Query };
        if (item.Reference is not null) fields["output"] = item.Reference;
        if (item.QueryType is { } type) fields["qtype"] = type.Code();
        if (item.QueryTypeIsPredicted) fields["qtype_predicted"] = true;
        if (item.Dataset is not null) fields["dataset"] = item.Dataset;
        if (item.Relevance is { } relevance) fields["relevance"] = relevance;
        return fields;
    }
}
