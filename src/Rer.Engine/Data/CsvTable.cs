using System.Text;
using System.Text.Json;

namespace Rer.Engine.Data;

/// <summary>
/// Comma- or tab-separated values after RFC 4180: a first row of column names; fields in double quotes may hold separators, line ends
/// and doubled quotes. An empty field is absent.
/// </summary>
internal static class CsvTable
{
    /// <summary>The rows after the heading as objects of texts.</summary>
    /// <param name="path">Named in messages.</param>
    /// <param name="text">The file's content.</param>
    /// <param name="separator">What stands between fields.</param>
    /// <param name="errors">Takes a message for each bad row.</param>
    public static List<DataRow> Parse(string path, string text, char separator, List<string> errors)
    {
        var rows = new List<DataRow>();
        string[]? names = null;
        var index = 0;
        foreach (var (line, fields, unclosed) in Records(text, separator))
        {
            if (names is null)
            {
                names = [.. fields.Select(name => name.Trim())];
                if (names.Distinct().Count() < names.Length)
                    errors.Add($"{path}, line {line}: two columns have one name. Columns are told by their names.");
                continue;
            }

            var place = DataFile.Place(path, line, index);
            if (unclosed)
            {
                errors.Add($"{place}: a quoted field does not end. Quotes inside one are doubled.");
            }
            else if (fields.Count != names.Length)
            {
                errors.Add($"{place}: {fields.Count} fields under {names.Length} column names. Fields that hold a '{separator}' need quotes.");
            }
            else
            {
                var known = fields.Zip(names).Where(field => field.First.Length > 0).DistinctBy(field => field.Second);
                var row = JsonSerializer.SerializeToElement(known.ToDictionary(field => field.Second, field => field.First));
                rows.Add(new DataRow(index, line, row));
            }

            index++;
        }

        return rows;
    }

    private static IEnumerable<(int Line, List<string> Fields, bool Unclosed)> Records(string text, char separator)
    {
        var (line, start) = (1, 1);
        var (fields, field) = (new List<string>(), new StringBuilder());
        var (quoted, any) = (false, false);
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (character == '\n') line++;
            if (quoted)
            {
                if (character != '"') field.Append(character);
                else if (i + 1 < text.Length && text[i + 1] == '"') field.Append(text[i++]);
                else quoted = false;
            }
            else if (character == '"' && field.Length == 0)
            {
                (quoted, any) = (true, true);
            }
            else if (character == separator)
            {
                any = true;
                EndField();
            }
            else if (character == '\n')
            {
                // A blank line is no record.
                if (any || field.Length > 0) yield return (start, EndRecord(), false);
                start = line;
            }
            else if (character != '\r' || i + 1 < text.Length && text[i + 1] != '\n')
            {
                field.Append(character);
            }
        }

        if (any || field.Length > 0) yield return (start, EndRecord(), quoted);

        void EndField()
        {
            fields.Add(field.ToString());
            field.Clear();
        }

        List<string> EndRecord()
        {
            EndField();
            var record = fields;
            (fields, any) = ([], false);
            return record;
        }
    }
}
