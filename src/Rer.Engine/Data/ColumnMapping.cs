using Rer.Engine.Input;

namespace Rer.Engine.Data;

/// <summary>Reads `query=question,reference=answer`: which field of a file plays which part.</summary>
internal static class ColumnMapping
{
    /// <summary>The field of each part that is named.</summary>
    /// <param name="text">The mapping.</param>
    /// <param name="parts">What can be mapped.</param>
    /// <exception cref="FormatException">A part has another form; the message lists what can be mapped.</exception>
    public static Dictionary<string, string> Parse(string text, params string[] parts)
    {
        var fields = new Dictionary<string, string>();
        foreach (var item in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (item.Split('=', 2, StringSplitOptions.TrimEntries) is not [var part, { Length: > 0 } field] || !parts.Contains(part)
                || !fields.TryAdd(part, field))
                throw new FormatException(
                    $"column mapping '{Excerpt.Of(item)}' is not known. Write NAME=FIELD with one of {string.Join(", ", parts)}, each "
                        + "once, joined by commas.");
        }

        return fields;
    }

    /// <summary>The text <see cref="Parse"/> reads.</summary>
    public static string Text(params (string Part, string? Field)[] columns) =>
        string.Join(',', columns.Where(column => column.Field is not null).Select(column => $"{column.Part}={column.Field}"));

    /// <summary>Checks that some row has each field that is mapped: every row would else say the same.</summary>
    /// <exception cref="DataFileException">No row has one of them; the message lists those that are there.</exception>
    public static void Check(string path, IEnumerable<string?> mapped, IReadOnlyList<DataRow> rows, List<string> errors)
    {
        string[] named = [.. mapped.OfType<string>()];
        if (named.Length == 0 || rows.Count == 0) return;
        var fields = rows.SelectMany(row => row.FieldNames).Distinct().ToArray();
        string[] absent = [.. named.Except(fields)];
        if (absent.Length > 0)
            throw new DataFileException(path,
                [.. errors, .. absent.Select(name => $"{path}: no row has a field `{name}`. Its fields are {Names(fields)}.")]);
    }

    /// <summary>Fields as messages list them.</summary>
    public static string Names(IEnumerable<string> fields)
    {
        var names = string.Join(", ", fields.Take(8).Select(name => $"`{Excerpt.Of(name)}`"));
        return names.Length == 0 ? "no fields" : names;
    }
}
