using System.Text.Encodings.Web;
using System.Text.Json;
using Rer.Engine.Data.Columnar;
using Rer.Engine.Input;

namespace Rer.Engine.Data;

/// <summary>
/// Reads files of records: a JSON list of objects, JSON Lines (one object a line), by their names `.csv` and `.tsv` with a heading, and
/// Parquet; each also packed as `.gz`. Texts are UTF-8, or what their byte order mark declares. Writes the first two.
/// </summary>
public static class DataFile
{
    private static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Indented = new(OneLine) { WriteIndented = true };

    /// <summary>Largest content that is read, unpacked, in bytes.</summary>
    public const long LargestContent = DataContent.Largest;

    /// <summary>Extensions of the files that are read, each also with `.gz` behind it.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".json", ".jsonl", ".csv", ".tsv", ".parquet"];

    /// <summary>Whether a file's name is that of one that is read.</summary>
    public static bool IsReadable(string path) => Extensions.Contains(Extension(path));

    /// <summary>Every row of a file, in order.</summary>
    /// <exception cref="DataFileException">The file is missing, empty or not of a known form; every bad line is listed.</exception>
    public static IReadOnlyList<DataRow> Read(string path) => Read(path, row => row);

    /// <summary>Every row of a file's content, in order.</summary>
    /// <param name="path">What messages call it; its extension tells a table, and whether it is packed.</param>
    /// <param name="content">The file's bytes.</param>
    /// <exception cref="DataFileException">The content is empty, too large or not of a known form; every bad line is listed.</exception>
    public static IReadOnlyList<DataRow> Read(string path, byte[] content)
    {
        var errors = new List<string>();
        return Convert(path, Parse(path, () => DataContent.Unpack(path, content), errors), row => row, errors);
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
    public static IReadOnlyList<T> Convert<T>(string path, IReadOnlyList<DataRow> rows, Func<DataRow, T> convert) =>
        Convert(path, rows, convert, []);

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

    /// <summary>How messages name a row: `data/train.json, line 40, item 17`; a file without lines has the item alone.</summary>
    public static string Place(string path, int line, int index) =>
        line > 0 ? $"{path}, line {line}, item {index}" : $"{path}, item {index}";

    /// <summary>The rows of a file that can be read, with what is wrong with the others.</summary>
    /// <param name="path">The file.</param>
    /// <param name="errors">Takes a message for each bad place.</param>
    internal static List<DataRow> Parse(string path, List<string> errors) => Parse(path, () => DataContent.Read(path), errors);

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

    private static List<DataRow> Parse(string path, Func<ReadOnlyMemory<byte>> read, List<string> errors)
    {
        try
        {
            var rows = Parse(path, read(), errors);
            if (rows.Count == 0 && errors.Count == 0)
                errors.Add(
                    $"{path}: no rows. Expected a JSON list of objects, one JSON object a line, or a table named `.csv` or `.tsv` with a "
                        + $"heading.");
            return rows;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            errors.Add(error.Message);
            return [];
        }
    }

    private static List<DataRow> Parse(string path, ReadOnlyMemory<byte> content, List<string> errors)
    {
        var extension = Extension(path);
        if (extension == ".parquet" || content.Span.StartsWith(ParquetLayout.Magic)) return ParquetRows.Parse(path, content);
        var text = TextEncoding.ToUtf8(content, out var problem);
        if (problem is not null) throw new InvalidDataException($"{path}{problem}");
        return extension switch
        {
            ".csv" => TableRows.Parse(path, text, ',', errors),
            ".tsv" => TableRows.Parse(path, text, '\t', errors),
            _ => new JsonRows(path, errors).Parse(text),
        };
    }

    private static string Extension(string path) =>
        Path.GetExtension(path.EndsWith(DataContent.Packed, StringComparison.OrdinalIgnoreCase)
            ? path[..^DataContent.Packed.Length] : path).ToLowerInvariant();
}
