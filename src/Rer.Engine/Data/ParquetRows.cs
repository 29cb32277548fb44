using System.Runtime.InteropServices;
using System.Text.Json;
using Parquet;
using Parquet.Meta;
using Parquet.Schema;

namespace Rer.Engine.Data;

/// <summary>Rows of a Parquet file: what the Hub serves data sets as.</summary>
internal static class ParquetRows
{
    /// <summary>Most values of one row group, all columns together: what the file claims is believed up to here.</summary>
    private const long MostValues = 100_000_000;

    /// <summary>Most columns, nested ones counted.</summary>
    private const int MostColumns = 10_000;

    /// <summary>The file's first and last four bytes.</summary>
    public static ReadOnlySpan<byte> Magic => "PAR1"u8;

    /// <summary>The rows; they have no lines.</summary>
    /// <param name="path">Named in messages.</param>
    /// <param name="content">The file.</param>
    /// <exception cref="InvalidDataException">It is no Parquet, damaged, or beyond what is read; the message says which.</exception>
    public static List<DataRow> Parse(string path, ReadOnlyMemory<byte> content)
    {
        if (!content.Span.StartsWith(Magic) || !content.Span.EndsWith(Magic) || content.Length < 3 * Magic.Length)
            throw new InvalidDataException($"{path}: is no Parquet file, or one that is cut short. Fetch it again.");
        try
        {
            // What the library awaits is memory; the pool's thread keeps it off whatever waits here.
            return Task.Run(() => ReadAsync(path, content)).GetAwaiter().GetResult();
        }
        catch (Exception error) when (error is not InvalidDataException || !error.Message.StartsWith(path, StringComparison.Ordinal))
        {
            // A damaged file makes the library fail in any of its parts, with whatever that part throws.
            throw new InvalidDataException($"{path}: is no Parquet file that can be read ({error.GetType().Name}: {error.Message.Split('\n')[0]}). Fetch it again.", error);
        }
    }

    private static async Task<List<DataRow>> ReadAsync(string path, ReadOnlyMemory<byte> content)
    {
        // Never a copy: what is read here lies in an array, of a file or of what was unpacked.
        using var stream = MemoryMarshal.TryGetArray(content, out var held) ? new MemoryStream(held.Array!, held.Offset, held.Count) : new MemoryStream(content.ToArray());
        await using var reader = await ParquetReader.CreateAsync(stream).ConfigureAwait(false);
        Check(path, reader.Metadata, content.Length);
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
                taken += json.Length;
                DataContent.CheckRatio(path, taken, content.Length);
                if (taken > DataContent.Largest)
                    throw new InvalidDataException($"{path}: its rows have more than {DataContent.Largest} bytes, which is the most that is read. Split the file.");
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

    /// <summary>Holds what the file claims against what can be: memory is taken by it.</summary>
    private static void Check(string path, FileMetaData? claimed, long length)
    {
        if (claimed?.RowGroups is not { } groups) throw new InvalidDataException($"{path}: is no Parquet file that can be read: it has no row groups.");
        foreach (var (columns, rows) in groups.Select(group => (group.Columns, group.NumRows)))
        {
            if (columns.Count > MostColumns) throw new InvalidDataException($"{path}: {columns.Count} columns; at most {MostColumns} are read.");
            if (columns.Any(column => column.MetaData is null)) throw new InvalidDataException($"{path}: has encrypted columns, or its table of contents is damaged.");
            var sizes = columns.Select(column => column.MetaData!).ToArray();
            // A row has at least one entry in every column.
            if (sizes.Any(size => size.NumValues < rows || size.TotalCompressedSize < 0 || size.TotalCompressedSize > length || size.TotalUncompressedSize < 0)
                || (rows > 0 && sizes.Length == 0))
                throw new InvalidDataException($"{path}: its table of contents is damaged. Fetch it again.");
            var (values, bytes) = (sizes.Sum(size => (decimal)size.NumValues), sizes.Sum(size => (decimal)size.TotalUncompressedSize));
            if (values > MostValues) throw new InvalidDataException($"{path}: {values} values in one row group; at most {MostValues} are read.");
            if (bytes > DataContent.Largest) throw new InvalidDataException($"{path}: {bytes} bytes in one row group; at most {DataContent.Largest} are read. Split the file.");
        }
    }
}
