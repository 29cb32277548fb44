using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rer.Engine.Data;
using Rer.Engine.Data.Preferences;
using Rer.Engine.Data.Prompts;

namespace Rer.Engine.Library;

/// <summary>A file on its way to becoming a prompt set: which of its fields mean what, and what its types are called.</summary>
public sealed class PromptImport
{
    /// <summary>Most different values that a field of query types may have to be mapped one by one.</summary>
    public const int MostValues = 12;

    private static readonly string[] QueryNames = ["instruction", "input", "query", "question", "prompt"];
    private static readonly string[] ReferenceNames = ["output", "reference", "answer", "response", "completion", "chosen"];
    private static readonly string[] TypeNames = ["qtype", "query_type", "type", "category"];

    private readonly IReadOnlyList<DataRow> _rows;
    private readonly Dictionary<string, QueryType?> _types = [];
    private string? _typeField;

    private PromptImport(string name, IReadOnlyList<DataRow> rows)
    {
        (Name, _rows) = (name, [.. rows.Select(Spread)]);
        Fields = [.. _rows.SelectMany(r => r.FieldNames).Distinct()];
        QueryField = Known(QueryNames) ?? (Fields.Count > 0 ? Fields[0] : "");
        ReferenceField = Known(ReferenceNames);
        TypeField = Known(TypeNames);
    }

    /// <summary>The file's name.</summary>
    public string Name { get; }

    /// <summary>Rows of the file.</summary>
    public int Rows => _rows.Count;

    /// <summary>Fields that occur in it.</summary>
    public IReadOnlyList<string> Fields { get; }

    /// <summary>The field of the query.</summary>
    public string QueryField { get; set; }

    /// <summary>The field of the reference; null where there is none.</summary>
    public string? ReferenceField { get; set; }

    /// <summary>The field of the query type; null where there is none.</summary>
    public string? TypeField
    {
        get => _typeField;
        set
        {
            _typeField = value;
            _types.Clear();
            foreach (var (text, _) in TypeValues) _types[text] = QueryTypes.TryParse(text, out var type) ? type : null;
        }
    }

    /// <summary>
    /// Values of <see cref="TypeField"/> with how often they occur, the most frequent first, at most <see cref="MostValues"/>.
    /// </summary>
    public IReadOnlyList<(string Value, int Count)> TypeValues => _typeField is null ? [] :
        [.. _rows.Select(r => TextOf(r, _typeField)).OfType<string>().GroupBy(v => v).OrderByDescending(g => g.Count()).Take(MostValues)
            .Select(g => (g.Key, g.Count()))];

    /// <summary>Reads a file's rows; what its fields mean is guessed from their names.</summary>
    /// <param name="name">The file's name; its extension tells a table.</param>
    /// <param name="content">The file's bytes.</param>
    /// <exception cref="DataFileException">The content is not a list of records.</exception>
    public static PromptImport Read(string name, byte[] content) => new(name, DataFile.Read(name, content));

    /// <summary>Reads a file of this machine in the same way.</summary>
    /// <exception cref="DataFileException">It is missing, no regular file, too large, or not a list of records.</exception>
    public static PromptImport ReadFile(string path) => new(Path.GetFileName(path), DataFile.Read(path));

    /// <summary>The query type that a value of <see cref="TypeField"/> stands for.</summary>
    public QueryType? TypeOf(string value) => _types.GetValueOrDefault(value);

    /// <summary>Says what a value of <see cref="TypeField"/> stands for; null leaves such items without a type.</summary>
    public void Map(string value, QueryType? type) => _types[value] = type;

    /// <summary>The items as mapped, with what is to be said about them.</summary>
    public PromptImportResult Build()
    {
        List<PromptItem> items = [];
        List<int> empty = [], untyped = [], unreferenced = [];
        List<string> bad = [];
        foreach (var row in _rows)
        {
            try
            {
                var query = row.Value(QueryField);
                if (string.IsNullOrWhiteSpace(query))
                {
                    empty.Add(PlaceOf(row));
                    continue;
                }
                var reference = ReferenceField is null ? null : row.Value(ReferenceField);
                var type = _typeField is null || row.Value(_typeField) is not { } value ? null : TypeOf(value);
                if (type is null) untyped.Add(PlaceOf(row));
                if (string.IsNullOrWhiteSpace(reference)) unreferenced.Add(PlaceOf(row));
                items.Add(new PromptItem(items.Count, query, string.IsNullOrWhiteSpace(reference) ? null : reference, type));
            }
            catch (FormatException e)
            {
                bad.Add($"{(row.Line > 0 ? $"line {row.Line}, " : "")}item {row.Index}: {e.Message}");
            }
        }
        return new PromptImportResult(items, bad, empty, untyped, unreferenced,
            items.Count - items.Select(i => i.Query).Distinct().Count());
    }

    /// <summary>A name for the library made from the file's.</summary>
    public string SuggestedName()
    {
        var name = new StringBuilder();
        foreach (var c in Path.GetFileNameWithoutExtension(Name))
            name.Append(char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-');
        return name.ToString().Trim('-', '.') is { Length: > 0 } text ? text : "prompts";
    }

    private static int PlaceOf(DataRow row) => row.Line > 0 ? row.Line : row.Index + 1;

    private string? Known(string[] names) =>
        names.Select(n => Fields.FirstOrDefault(f => f.Equals(n, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(f => f is not null);

    private static string? TextOf(DataRow row, string field)
    {
        try
        {
            return row.Value(field);
        }
        catch (FormatException)
        {
            // Said of the row when the items are made.
            return null;
        }
    }

    /// <summary>A preference pair with its prompt and its answers each in a field, however the file holds them.</summary>
    private static DataRow Spread(DataRow row)
    {
        if (!PreferenceSet.IsPair(row)) return row;
        try
        {
            var pair = PreferenceSet.ReadPair(row, new PreferenceColumns());
            var fields = JsonObject.Create(row.Fields)!;
            (fields["prompt"], fields["chosen"], fields["rejected"]) = (pair.Prompt, pair.Chosen, pair.Rejected);
            return row with { Fields = JsonSerializer.SerializeToElement(fields) };
        }
        catch (FormatException)
        {
            // Not of a form that is known: its fields are mapped as they are.
            return row;
        }
    }
}

/// <summary>What a file gives as mapped. Places are lines of the file, from 1; rows where it has no lines.</summary>
/// <param name="Items">The items.</param>
/// <param name="Bad">Rows whose fields are no text, one message each; they are left out.</param>
/// <param name="Empty">Rows without a query; they are left out.</param>
/// <param name="Untyped">Items without a query type: branching designs cannot use them.</param>
/// <param name="Unreferenced">Items without a reference: designs that compare with one cannot use them.</param>
/// <param name="Duplicates">Items whose query occurs before.</param>
public sealed record PromptImportResult(
    IReadOnlyList<PromptItem> Items, IReadOnlyList<string> Bad, IReadOnlyList<int> Empty, IReadOnlyList<int> Untyped,
    IReadOnlyList<int> Unreferenced, int Duplicates)
{
    /// <summary>Items that every design can use.</summary>
    public int Complete => Items.Count(i => i.QueryType is not null && i.Reference is not null);
}
