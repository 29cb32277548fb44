using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Rer.Engine.Data;

/// <summary>
/// Reads files of records: a JSON list of objects, JSON Lines (one object a line), or by their names `.csv` and `.tsv` with a heading;
/// each also packed as `.gz`. Writes the first two.
/// </summary>
public static class DataFile
{
    private const string Packed = ".gz";

    private static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Indented = new(OneLine) { WriteIndented = true };

    /// <summary>Extensions of the files that are read, each also with `.gz` behind it.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".json", ".jsonl", ".csv", ".tsv"];

    /// <summary>Whether a file's name is that of one that is read.</summary>
    public static bool IsReadable(string path) => Extensions.Contains(Extension(path));

    /// <summary>Every row of a file, in order.</summary>
    /// <exception cref="DataFileException">The file is missing, empty or not of a known form; every bad line is listed.</exception>
    public static IReadOnlyList<DataRow> Read(string path) => Read(path, row => row);

    /// <summary>Every row of a file's content, in order.</summary>
    /// <param name="path">What messages call it; its extension tells a table, and whether it is packed.</param>
    /// <param name="content">UTF-8.</param>
    /// <exception cref="DataFileException">The content is empty or not of a known form; every bad line is listed.</exception>
    public static IReadOnlyList<DataRow> Read(string path, byte[] content)
    {
        var errors = new List<string>();
        return Convert(path, Parse(path, content, errors), row => row, errors);
    }

    /// <summary>
    /// Reads a file whose rows become <typeparamref name="T"/>. Every bad row is reported, not the first alone.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="convert">Makes a row an item; throws <see cref="FormatException"/> with what is wrong and what would be right.</param>
    /// <exception cref="DataFileException">Some row is bad, or the file is.</exception>
    public static IReadOnlyList<T> Read<T>(string path, Func<DataRow, T> convert)
    {
        var errors = new List<string>();
        return Convert(path, Parse(path, errors), convert, errors);
    }

    /// <summary>Makes each row a <typeparamref name="T"/>. Every bad row is reported, not the first alone.</summary>
    /// <param name="path">What messages call the rows' file.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="convert">Makes a row an item; throws <see cref="FormatException"/> with what is wrong and what would be right.</param>
    /// <exception cref="DataFileException">Some row is bad.</exception>
    public static IReadOnlyList<T> Convert<T>(string path, IReadOnlyList<DataRow> rows, Func<DataRow, T> convert) => Convert(path, rows, convert, []);

    /// <summary>
    /// Writes rows as JSON Lines where the name ends in `.jsonl`, else as an indented JSON list. The file appears whole or not at all.
    /// </summary>
    public static void Write<T>(string path, IEnumerable<T> rows)
    {
        var text = path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase)
            ? string.Concat(rows.Select(row => JsonSerializer.Serialize(row, OneLine) + "\n"))
            : JsonSerializer.Serialize(rows, Indented) + "\n";
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        var draft = Path.Combine(folder, $".{Path.GetFileName(path)}.draft");
        try
        {
            File.WriteAllText(draft, text);
            File.Move(draft, path, overwrite: true);
        }
        finally
        {
            // Gone after the move; half written where the disk is full.
            File.Delete(draft);
        }
    }

    /// <summary>How messages name a row: `data/train.json, line 40, item 17`.</summary>
    public static string Place(string path, int line, int index) => $"{path}, line {line}, item {index}";

    /// <summary>The rows of a file that can be read, with what is wrong with the others.</summary>
    /// <param name="path">The file.</param>
    /// <param name="errors">Takes a message for each bad place.</param>
    internal static List<DataRow> Parse(string path, List<string> errors)
    {
        if (File.Exists(path)) return Parse(path, File.ReadAllBytes(path), errors);
        errors.Add($"{path}: no such file.");
        return [];
    }

    /// <summary>Makes each row an item, and throws with what was wrong before and what is wrong now.</summary>
    internal static IReadOnlyList<T> Convert<T>(string path, IReadOnlyList<DataRow> rows, Func<DataRow, T> convert, List<string> errors)
    {
        var items = new List<T>(rows.Count);
        foreach (var row in rows)
        {
            try
            {
                items.Add(convert(row));
            }
            catch (FormatException e)
            {
                errors.Add($"{Place(path, row.Line, row.Index)}: {e.Message}");
            }
        }

        return errors.Count == 0 ? items : throw new DataFileException(path, errors);
    }

    private static List<DataRow> Parse(string path, byte[] content, List<string> errors)
    {
        if (path.EndsWith(Packed, StringComparison.OrdinalIgnoreCase)) content = Unpack(path, content, errors);
        if (errors.Count > 0) return [];
        if (Extension(path) == ".parquet" || content.AsSpan().StartsWith("PAR1"u8))
        {
            errors.Add(
                $"{path}: Parquet is not read here. Export it once in Python: pandas.read_parquet('{Path.GetFileName(path)}').to_json('data.jsonl', orient='records', lines=True)");
            return [];
        }

        var rows = Extension(path) switch
        {
            ".csv" => CsvTable.Parse(path, Encoding.UTF8.GetString(WithoutPreamble(content)), ',', errors),
            ".tsv" => CsvTable.Parse(path, Encoding.UTF8.GetString(WithoutPreamble(content)), '\t', errors),
            _ => ParseText(path, WithoutPreamble(content), errors),
        };
        if (rows.Count == 0 && errors.Count == 0)
            errors.Add(
                $"{path}: no rows. Expected a JSON list of objects, one JSON object a line, or a table named `.csv` or `.tsv` with a heading.");
        return rows;
    }

    private static byte[] Unpack(string path, byte[] content, List<string> errors)
    {
        try
        {
            using var packed = new GZipStream(new MemoryStream(content), CompressionMode.Decompress);
            using var plain = new MemoryStream();
            packed.CopyTo(plain);
            return plain.ToArray();
        }
        catch (InvalidDataException)
        {
            errors.Add($"{path}: is named .gz and is no gzip file, or a damaged one. Fetch it again.");
            return [];
        }
    }

    private static string Extension(string path) =>
        Path.GetExtension(path.EndsWith(Packed, StringComparison.OrdinalIgnoreCase) ? path[..^Packed.Length] : path).ToLowerInvariant();

    private static ReadOnlySpan<byte> WithoutPreamble(ReadOnlySpan<byte> content) =>
        content.StartsWith(Encoding.UTF8.Preamble) ? content[3..] : content;

    private static List<DataRow> ParseText(string path, ReadOnlySpan<byte> content, List<string> errors)
    {
        var start = content.IndexOfAnyExcept(" \t\r\n"u8);
        return start >= 0 && content[start] == '[' ? ParseList(path, content, errors) : ParseLines(path, content, errors);
    }

    private static List<DataRow> ParseList(string path, ReadOnlySpan<byte> content, List<string> errors)
    {
        var rows = new List<DataRow>();
        var reader = new Utf8JsonReader(content);
        var (line, counted, index) = (1, 0, 0);
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var start = (int)reader.TokenStartIndex;
                line += content[counted..start].Count((byte)'\n');
                counted = start;
                using var document = JsonDocument.ParseValue(ref reader);
                Add(path, rows, errors, document.RootElement, line, index++);
            }

            if (reader.Read()) errors.Add($"{path}: text after the list's end.");
        }
        catch (JsonException e)
        {
            errors.Add($"{Place(path, (int)(e.LineNumber ?? 0) + 1, index)}: not valid JSON: {Reason(e)}");
        }

        return rows;
    }

    private static List<DataRow> ParseLines(string path, ReadOnlySpan<byte> content, List<string> errors)
    {
        var rows = new List<DataRow>();
        var (line, index) = (0, 0);
        foreach (var range in content.Split((byte)'\n'))
        {
            line++;
            var text = content[range].Trim(" \t\r"u8);
            if (text.IsEmpty) continue;
            try
            {
                using var document = JsonDocument.Parse(text.ToArray());
                Add(path, rows, errors, document.RootElement, line, index);
            }
            catch (JsonException e)
            {
                errors.Add($"{Place(path, line, index)}: not valid JSON: {Reason(e)}");
            }

            index++;
        }

        return rows;
    }

    private static void Add(string path, List<DataRow> rows, List<string> errors, JsonElement element, int line, int index)
    {
        if (element.ValueKind == JsonValueKind.Object) rows.Add(new DataRow(index, line, element.Clone()));
        else errors.Add($"{Place(path, line, index)}: the row is {DataRow.Describe(element.ValueKind)}. It must be an object.");
    }

    // The framework's message ends with a path and positions within the line; the place stands in front already.
    private static string Reason(JsonException e) => e.Message.Split(" Path:", 2)[0].Split(" LineNumber:", 2)[0];
}
