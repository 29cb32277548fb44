namespace Rer.Cli.Output;

/// <summary>Columns of text, aligned; numbers to the right. Empty headings are left out.</summary>
internal sealed class TextTable(params string[] headings)
{
    private readonly List<string[]> _rows = [];

    /// <summary>Number of columns, from the left, that hold words; the others are aligned to the right.</summary>
    public int WordColumns { get; init; }

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Write(TextWriter output)
    {
        var widths = headings.Select((heading, i) => _rows.Select(r => r[i].Length).Append(heading.Length).Max()).ToArray();
        foreach (var row in headings.All(heading => heading.Length == 0) ? _rows : _rows.Prepend(headings))
        {
            var cells = row.Select((cell, i) => i < WordColumns ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]));
            output.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }
}
