using System.Text.Json;
using CsvHelper;
using Rer.Engine.Input;

namespace Rer.Engine.Data;

/// <summary>Rows of comma- or tab-separated values under a heading of column names. An empty field is absent.</summary>
internal static class TableRows
{
    /// <summary>The rows after the heading as objects of texts.</summary>
    /// <param name="path">Named in messages.</param>
    /// <param name="content">UTF-8 without a byte order mark.</param>
    /// <param name="separator">What stands between fields.</param>
    /// <param name="errors">Takes a message for each bad row.</param>
    public static List<DataRow> Parse(string path, ReadOnlyMemory<byte> content, char separator, List<string> errors)
    {
        var rows = new List<DataRow>();
        var unclosed = false;
        string[]? names = null;
        var options = new CsvReaderOptions
        {
            Separator = separator,
            HasHeader = false,
            DetectSeparatorHint = false,
            TrackLineNumbers = true,
            MalformedData = CsvMalformedDataHandling.Recover,
            // Other quotes in the middle of a field are taken as they stand, as spreadsheets do.
            OnMalformedRecord = wrong => unclosed |= wrong.Reason == CsvMalformedReason.UnterminatedQuote,
        };
        using var table = CsvReader.Create(content, options);
        for (var index = -1; table.Read(); index++)
        {
            var line = (int)table.LineNumber;
            if (names is null)
            {
                names = Heading(path, table, line, errors);
                if (names is null) return rows;
                continue;
            }

            DataContent.CheckRows(path, index);
            if (errors.Count >= DataContent.MostErrors)
                throw new InvalidDataException($"{path}: more is wrong behind line {line}; {errors.Count} bad rows are listed.");
            var place = DataFile.Place(path, line, index);
            if (Problem(table, names, unclosed, separator) is { } problem) errors.Add($"{place}{problem}");
            else rows.Add(new DataRow(index, line, Row(table, names)));
        }

        return rows;
    }

    private static string[]? Heading(string path, CsvReader table, int line, List<string> errors)
    {
        if (TextEncoding.InvalidAt(table.RawRecord) is { } at)
        {
            errors.Add($"{path}, line {line}, byte {at + 1}: {TextEncoding.NotUtf8(table.RawRecord[at])}");
            return null;
        }

        string[] names = [.. Enumerable.Range(0, table.FieldCount).Select(i => table.GetString(i).Trim())];
        if (names.Distinct().Count() < names.Length)
            errors.Add($"{path}, line {line}: two columns have one name. Columns are told by their names.");
        return names;
    }

    /// <summary>What is wrong with a row, to stand behind its place; null where nothing is.</summary>
    private static string? Problem(CsvReader table, string[] names, bool unclosed, char separator)
    {
        if (unclosed) return ": a quoted field does not end. Quotes inside one are doubled.";
        if (table.RawRecord.Length > DataContent.LargestRow)
            return $": the row has {table.RawRecord.Length} bytes; at most {DataContent.LargestRow} are read.";
        if (TextEncoding.InvalidAt(table.RawRecord) is { } at) return $", byte {at + 1}: {TextEncoding.NotUtf8(table.RawRecord[at])}";
        if (table.FieldCount != names.Length)
            return $": {table.FieldCount} fields under {names.Length} column names. Fields that hold a '{separator}' need quotes.";
        return null;
    }

    private static JsonElement Row(CsvReader table, string[] names)
    {
        var fields = new Dictionary<string, string>();
        for (var i = 0; i < names.Length; i++)
            if (!table.IsEmpty(i)) fields.TryAdd(names[i], table.GetString(i));
        return JsonSerializer.SerializeToElement(fields);
    }
}
