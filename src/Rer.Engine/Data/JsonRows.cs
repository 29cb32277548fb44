using System.Text.Json;
using Rer.Engine.Input;

namespace Rer.Engine.Data;

/// <summary>Rows of a JSON list of objects, or of JSON Lines.</summary>
/// <param name="path">The file, for messages.</param>
/// <param name="errors">Takes a message for each bad row.</param>
internal sealed class JsonRows(string path, List<string> errors)
{
    private readonly List<DataRow> _rows = [];

    /// <summary>The rows that can be read.</summary>
    /// <param name="content">UTF-8 without a byte order mark.</param>
    public List<DataRow> Parse(ReadOnlyMemory<byte> content)
    {
        var start = content.Span.IndexOfAnyExcept(" \t\r\n"u8);
        if (start >= 0 && content.Span[start] == '[') ParseList(content);
        else ParseLines(content);
        return _rows;
    }

    private void ParseList(ReadOnlyMemory<byte> content)
    {
        var reader = new Utf8JsonReader(content.Span);
        var (line, counted, index) = (1, 0, 0);
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var start = (int)reader.TokenStartIndex;
                line += content.Span[counted..start].Count((byte)'\n');
                counted = start;
                reader.Skip();
                Add(content[start..(int)reader.BytesConsumed], line, index++);
            }

            if (reader.Read()) errors.Add($"{path}: text after the list's end.");
        }
        catch (JsonException e)
        {
            errors.Add($"{DataFile.Place(path, (int)(e.LineNumber ?? 0) + 1, index)}: not valid JSON: {JsonText.Message(e)}");
        }
    }

    private void ParseLines(ReadOnlyMemory<byte> content)
    {
        var (line, index) = (0, 0);
        for (var start = 0; start < content.Length;)
        {
            var length = content.Span[start..].IndexOf((byte)'\n');
            var end = length < 0 ? content.Length : start + length;
            var text = content[start..end].Trim(" \t\r"u8);
            (line, start) = (line + 1, end + 1);
            if (!text.IsEmpty) Add(text, line, index++);
        }
    }

    private void Add(ReadOnlyMemory<byte> text, int line, int index)
    {
        DataContent.CheckRows(path, index);
        if (errors.Count >= DataContent.MostErrors)
            throw new InvalidDataException($"{path}: more is wrong behind line {line}; {errors.Count} bad rows are listed.");
        var place = DataFile.Place(path, line, index);
        try
        {
            if (text.Length > DataContent.LargestRow)
            {
                errors.Add($"{place}: the row has {text.Length} bytes; at most {DataContent.LargestRow} are read.");
                return;
            }

            if (JsonText.Flaw(text.Span) is var (at, what))
            {
                errors.Add($"{place}, byte {at + 1}: {what}");
                return;
            }

            // A field that is there twice means one thing here and another there.
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                errors.Add($"{place}: the row is {DataRow.Describe(document.RootElement.ValueKind)}. It must be an object.");
            else _rows.Add(new DataRow(index, line, document.RootElement.Clone()));
        }
        catch (JsonException e)
        {
            errors.Add($"{place}: not valid JSON: {JsonText.Message(e)}");
        }
    }
}
