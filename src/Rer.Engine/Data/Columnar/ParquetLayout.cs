using System.Buffers.Binary;

namespace Rer.Engine.Data.Columnar;

/// <summary>
/// What a Parquet file says of itself, held against what it is, before anything is read by it: its table of contents, the tree of its
/// columns, and the header of every page. A damaged one makes a reader loop or take all memory.
/// </summary>
internal static class ParquetLayout
{
    /// <summary>Bytes at the file's end: the length of the table of contents, and the file's mark.</summary>
    private const int Tail = 8;

    /// <summary>Largest table of contents, in bytes; most values of one row group; most columns; deepest nesting of columns.</summary>
    private const int LargestContents = 16 << 20, MostColumns = 10_000, MostDepth = 32;

    private const long MostValues = 100_000_000;

    /// <summary>Kinds of pages.</summary>
    private const int DataPage = 0, DictionaryPage = 2, SecondDataPage = 3;

    /// <summary>The file's first and last four bytes.</summary>
    public static ReadOnlySpan<byte> Magic => "PAR1"u8;

    /// <summary>Whether a file begins and ends as Parquet does.</summary>
    public static bool IsParquet(ReadOnlySpan<byte> file) =>
        file.StartsWith(Magic) && file.EndsWith(Magic) && file.Length >= Magic.Length + Tail;

    /// <summary>Checks a file that <see cref="IsParquet"/>.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or more is in it than is read; the message says what, without the file's
    /// name.</exception>
    public static void Check(ReadOnlyMemory<byte> file)
    {
        var length = BinaryPrimitives.ReadUInt32LittleEndian(file.Span[^Tail..]);
        if (length > file.Length - Magic.Length - Tail) throw new InvalidDataException("its table of contents is cut short");
        if (length > LargestContents)
            throw new InvalidDataException($"its table of contents has {length} bytes; at most {LargestContents} are read");
        var contents = new ThriftReader(file.Slice(file.Length - Tail - (int)length, (int)length), ThriftShapes.Parquet).Read("File");

        var columns = Columns(contents.Records(2));
        var taken = 0m;
        foreach (var group in contents.Records(4)) taken += CheckGroup(file, group, columns);
        if (taken > DataContent.Largest)
            throw new InvalidDataException($"it has {taken} bytes when unpacked; at most {DataContent.Largest} are read. Split the file");
    }

    /// <summary>The columns that hold values, by their paths: names with a NUL between them.</summary>
    private static HashSet<string> Columns(IReadOnlyList<ThriftRecord> elements)
    {
        if (elements.Count is 0 or > MostColumns)
            throw new InvalidDataException($"it has {elements.Count} columns; 1 to {MostColumns} are read");
        var columns = new HashSet<string>();
        var next = 0;
        Walk([], 0);
        return next == elements.Count ? columns : throw new InvalidDataException("its table of contents has columns that belong nowhere");

        void Walk(string[] path, int depth)
        {
            if (next >= elements.Count) throw new InvalidDataException("its table of contents lacks columns");
            if (depth > MostDepth) throw new InvalidDataException($"its columns are nested deeper than {MostDepth}");
            var element = elements[next++];
            var children = element.Number(5) ?? 0;
            if (children < 0 || children > elements.Count - next) throw new InvalidDataException("its table of contents lacks columns");
            var name = element.Text(4) ?? throw new InvalidDataException("its table of contents has a column without a name");
            string[] here = depth == 0 ? [] : [.. path, name];
            if (depth > 0 && children == 0) columns.Add(string.Join('\0', here));
            for (var child = 0L; child < children; child++) Walk(here, depth + 1);
        }
    }

    /// <summary>Bytes that a row group unpacks to.</summary>
    private static decimal CheckGroup(ReadOnlyMemory<byte> file, ThriftRecord group, HashSet<string> columns)
    {
        var rows = group.Number(3) ?? 0;
        var chunks = group.Records(1);
        if (rows < 0 || chunks.Count != columns.Count)
            throw new InvalidDataException("its table of contents has a row group that lacks columns");
        var (values, bytes) = (0m, 0m);
        foreach (var chunk in chunks)
        {
            if (chunk.Record(3) is not { } column) throw new InvalidDataException("it has encrypted columns, which are not read");
            if (!columns.Contains(string.Join('\0', column.Texts(3))))
                throw new InvalidDataException("its table of contents has values of a column that is not there");
            var count = column.Number(5) ?? 0;
            // A row has at least one entry in every column.
            if (count < rows) throw new InvalidDataException("its table of contents has a column with fewer values than there are rows");
            values += count;
            if (values > MostValues)
                throw new InvalidDataException($"it has more than {MostValues} values in one row group, which is the most that is read");
            bytes += CheckPages(file, column, count);
        }

        return bytes;
    }

    /// <summary>Walks over a column's pages as whoever reads them does; bytes that they unpack to.</summary>
    private static decimal CheckPages(ReadOnlyMemory<byte> file, ThriftRecord column, long values)
    {
        var starts = new[] { column.Number(9), column.Number(11) }.Where(start => start is not (null or 0)).ToArray();
        var (at, read, bytes) = (starts.Length == 0 ? -1 : starts.Min()!.Value, 0L, 0m);
        var dictionary = true;
        while (read < values)
        {
            if (at < Magic.Length || at >= file.Length)
                throw new InvalidDataException("its table of contents places a page outside of the file");
            var reader = new ThriftReader(file[(int)at..], ThriftShapes.Parquet);
            var page = reader.Read("Page");
            var (packed, plain) = (page.Number(3) ?? -1, page.Number(2) ?? -1);
            at += reader.Position + packed;
            if (packed < 0 || plain < 0 || at > file.Length) throw new InvalidDataException("a page is larger than the file");
            bytes += plain;
            if (bytes > DataContent.Largest)
                throw new InvalidDataException(
                    $"it has more than {DataContent.Largest} bytes in one column, which is the most that is read. Split the file");
            read += Values(page, plain, first: dictionary);
            dictionary = false;
        }

        return bytes;
    }

    /// <summary>Values in a page; none in a dictionary.</summary>
    private static long Values(ThriftRecord page, long bytes, bool first)
    {
        var values = page.Number(1) switch
        {
            DataPage => page.Record(5)?.Number(1),
            SecondDataPage => page.Record(8)?.Number(1),
            DictionaryPage when first => page.Record(7)?.Number(1),
            _ => null,
        };
        // A page of no values would be read again and again; a value in a dictionary takes a bit at least.
        if (values is null or < 0 || (page.Number(1) != DictionaryPage && values == 0)
            || (page.Number(1) == DictionaryPage && values > 8 * Math.Max(1, bytes)))
            throw new InvalidDataException("the header of a page is damaged");
        if (page.Record(8) is { } second
            && ((second.Number(5) ?? 0) < 0 || (second.Number(6) ?? 0) < 0 || (second.Number(5) ?? 0) + (second.Number(6) ?? 0) > bytes))
            throw new InvalidDataException("the header of a page is damaged");
        return page.Number(1) == DictionaryPage ? 0 : values.Value;
    }
}
