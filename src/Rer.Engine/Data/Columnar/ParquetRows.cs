using System.Runtime.InteropServices;
using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace Rer.Engine.Data.Columnar;

/// <summary>Rows of a Parquet file: what the Hub serves data sets as.</summary>
internal static class ParquetRows
{
    /// <summary>The rows; they have no lines.</summary>
    /// <param name="path">Named in messages.</param>
    /// <param name="content">The file.</param>
    /// <exception cref="InvalidDataException">It is no Parquet, damaged, or beyond what is read; the message says which.</exception>
    public static List<DataRow> Parse(string path, ReadOnlyMemory<byte> content)
    {
        if (!ParquetLayout.IsParquet(content.Span))
            throw new InvalidDataException($"{path}: is no Parquet file, or one that is cut short. Fetch it again.");
        try
        {
            ParquetLayout.Check(content);
            // What the library awaits is memory; the pool's thread keeps it off whatever waits here.
            return Task.Run(() => ReadAsync(path, content)).GetAwaiter().GetResult();
        }
        catch (Exception error) when (error is not InvalidDataException || !error.Message.StartsWith(path, StringComparison.Ordinal))
        {
            // A damaged file makes the library fail in any of its parts, with whatever that part throws.
            var why = error is InvalidDataException ? error.Message : $"{error.GetType().Name}: {error.Message.Split('\n')[0]}";
            throw new InvalidDataException($"{path}: is no Parquet file that can be read: {why.TrimEnd('.')}. Fetch it again.", error);
        }
    }

    private static async Task<List<DataRow>> ReadAsync(string path, ReadOnlyMemory<byte> content)
    {
        // Never a copy: what is read here lies in an array, of a file or of what was unpacked.
        using var stream = MemoryMarshal.TryGetArray(content, out var held)
            ? new MemoryStream(held.Array!, held.Offset, held.Count) : new MemoryStream(content.ToArray());
        await using var reader = await ParquetReader.CreateAsync(stream).ConfigureAwait(false);
        // The library makes its fields anew whenever they are asked for, and columns are found by theirs.
        Field[] fields = [.. reader.Schema.Fields];
        var rows = new List<DataRow>();
        var taken = 0L;
        for (var group = 0; group < reader.RowGroupCount; group++)
        {
            using var groupReader = reader.OpenRowGroupReader(group);
            var records = new ParquetRecords(fields, await ColumnsAsync(fields, groupReader).ConfigureAwait(false));
            for (var row = 0L; row < groupReader.RowCount; row++)
            {
                var json = Next(records, DataFile.Place(path, 0, rows.Count));
                DataContent.CheckRows(path, rows.Count);
                taken += json.Length;
                DataContent.CheckRatio(path, taken, content.Length);
                if (taken > DataContent.Largest)
                    throw new InvalidDataException(
                        $"{path}: its rows have more than {DataContent.Largest} bytes, which is the most that is read. Split the file.");
                using var document = JsonDocument.Parse(json);
                rows.Add(new DataRow(rows.Count, 0, document.RootElement.Clone()));
            }
        }

        return rows;
    }

    private static async Task<Dictionary<DataField, ParquetColumn>> ColumnsAsync(Field[] fields, ParquetRowGroupReader group)
    {
        var columns = new Dictionary<DataField, ParquetColumn>(ReferenceEqualityComparer.Instance);
        foreach (var field in fields.SelectMany(ParquetRecords.Leaves))
        {
            using var data = await group.ReadRawColumnDataBaseAsync(field).ConfigureAwait(false);
            columns[field] = ParquetColumn.Of(field, data);
        }

        return columns;
    }

    private static ReadOnlyMemory<byte> Next(ParquetRecords records, string place)
    {
        try
        {
            return records.Next();
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"{place}: {error.Message}", error);
        }
    }
}
