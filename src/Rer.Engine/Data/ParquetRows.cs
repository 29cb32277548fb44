using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Parquet;
using Parquet.Meta;
using Parquet.Serialization;

namespace Rer.Engine.Data;

/// <summary>Rows of a Parquet file: what the Hub serves data sets as. Lists and structs, such as messages, become lists and objects.</summary>
internal static class ParquetRows
{
    /// <summary>The file's first and last four bytes.</summary>
    public static ReadOnlySpan<byte> Magic => "PAR1"u8;

    /// <summary>Most values of one row group, all columns together: what the file claims is believed up to here.</summary>
    private const long MostValues = 100_000_000;

    /// <summary>Most columns, nested ones counted.</summary>
    private const int MostColumns = 10_000;

    /// <summary>The rows; they have no lines.</summary>
    /// <param name="path">Named in messages.</param>
    /// <param name="content">The file.</param>
    /// <param name="errors">Takes what is wrong.</param>
    public static List<DataRow> Parse(string path, ReadOnlyMemory<byte> content, List<string> errors)
    {
        if (!content.Span.StartsWith(Magic) || !content.Span.EndsWith(Magic) || content.Length < 12)
        {
            errors.Add($"{path}: is no Parquet file, or one that is cut short. Fetch it again.");
            return [];
        }

        try
        {
            // What the library awaits is memory; the pool's thread keeps it off whatever waits here.
            return Task.Run(() => ReadAsync(path, content, errors)).GetAwaiter().GetResult();
        }
        catch (Exception error) when (error is not InvalidDataException)
        {
            // A damaged file makes the library fail in any of its parts, with whatever that part throws.
            errors.Add($"{path}: is no Parquet file that can be read ({error.GetType().Name}: {error.Message.Split('\n')[0]}). Fetch it again.");
            return [];
        }
        catch (InvalidDataException error)
        {
            errors.Add(error.Message);
            return [];
        }
    }

    private static async Task<List<DataRow>> ReadAsync(string path, ReadOnlyMemory<byte> content, List<string> errors)
    {
        var rows = new List<DataRow>();
        var taken = 0L;
        // Never a copy: what is read here lies in an array, of a file or of what was unpacked.
        using var stream = MemoryMarshal.TryGetArray(content, out var held) ? new MemoryStream(held.Array!, held.Offset, held.Count) : new MemoryStream(content.ToArray());
        int groups;
        await using (var reader = await ParquetReader.CreateAsync(stream, leaveStreamOpen: true).ConfigureAwait(false))
        {
            Check(path, reader.Metadata, content.Length);
            groups = reader.RowGroupCount;
        }

        for (var group = 0; group < groups; group++)
        {
            stream.Position = 0;
            var read = await ParquetSerializer.DeserializeUntypedAsync(stream, rowGroupIndex: group).ConfigureAwait(false);
            foreach (var row in read.Data)
            {
                var json = Row(row);
                if (json.Length > DataContent.LargestRow)
                {
                    errors.Add($"{DataFile.Place(path, 0, rows.Count)}: the row has {json.Length} bytes; at most {DataContent.LargestRow} are read.");
                    return rows;
                }

                taken += json.Length;
                if (taken > DataContent.Largest)
                    throw new InvalidDataException($"{path}: its rows have more than {DataContent.Largest} bytes, which is the most that is read. Split the file.");
                using var document = JsonDocument.Parse(json);
                rows.Add(new DataRow(rows.Count, 0, document.RootElement.Clone()));
            }
        }

        return rows;
    }

    /// <summary>Holds what the file claims against what can be: memory is taken by it.</summary>
    private static void Check(string path, FileMetaData? claimed, long length)
    {
        if (claimed?.RowGroups is not { } groups) throw new InvalidDataException($"{path}: is no Parquet file that can be read: it has no row groups.");
        foreach (var columns in groups.Select(group => group.Columns))
        {
            if (columns.Count > MostColumns) throw new InvalidDataException($"{path}: {columns.Count} columns; at most {MostColumns} are read.");
            if (columns.Any(column => column.MetaData is null)) throw new InvalidDataException($"{path}: has encrypted columns, or its table of contents is damaged.");
            var values = columns.Sum(column => (decimal)column.MetaData!.NumValues);
            var bytes = columns.Sum(column => (decimal)column.MetaData!.TotalUncompressedSize);
            if (columns.Any(column => column.MetaData!.NumValues < 0 || column.MetaData.TotalCompressedSize < 0 || column.MetaData.TotalCompressedSize > length))
                throw new InvalidDataException($"{path}: its table of contents is damaged. Fetch it again.");
            if (values > MostValues) throw new InvalidDataException($"{path}: {values} values in one row group; at most {MostValues} are read.");
            if (bytes > DataContent.Largest) throw new InvalidDataException($"{path}: {bytes} bytes in one row group; at most {DataContent.Largest} are read. Split the file.");
        }
    }

    private static byte[] Row(Dictionary<string, object> row)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) Write(json, row);
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case string text: json.WriteStringValue(text); break;
            case ReadOnlyMemory<char> text: json.WriteStringValue(text.Span); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case byte[] bytes: WriteBytes(json, bytes); break;
            case ReadOnlyMemory<byte> bytes: WriteBytes(json, bytes.Span); break;
            case float or double: WriteNumber(json, Convert.ToDouble(value, CultureInfo.InvariantCulture)); break;
            case byte or sbyte or short or ushort or int or uint or long: json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture)); break;
            case ulong number: json.WriteNumberValue(number); break;
            case decimal number: json.WriteNumberValue(number); break;
            case DateTime time: json.WriteStringValue(time); break;
            case IDictionary map: WriteObject(json, map); break;
            case IEnumerable list: WriteList(json, list); break;
            default: json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture)); break;
        }
    }

    private static void WriteObject(Utf8JsonWriter json, IDictionary map)
    {
        json.WriteStartObject();
        foreach (DictionaryEntry field in map)
        {
            json.WritePropertyName(field.Key is ReadOnlyMemory<char> name ? name.Span : Convert.ToString(field.Key, CultureInfo.InvariantCulture));
            Write(json, field.Value);
        }

        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, IEnumerable list)
    {
        json.WriteStartArray();
        foreach (var item in list) Write(json, item);
        json.WriteEndArray();
    }

    /// <summary>JSON has no NaN and no infinity; rows with them hold nothing there.</summary>
    private static void WriteNumber(Utf8JsonWriter json, double number)
    {
        if (double.IsFinite(number)) json.WriteNumberValue(number);
        else json.WriteNullValue();
    }

    /// <summary>Some writers leave it open that bytes are texts. Others, such as pictures, are nothing that is read here.</summary>
    private static void WriteBytes(Utf8JsonWriter json, ReadOnlySpan<byte> bytes)
    {
        if (System.Text.Unicode.Utf8.IsValid(bytes)) json.WriteStringValue(bytes);
        else json.WriteNullValue();
    }
}
