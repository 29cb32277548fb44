using Spectre.Console;

namespace Rer.Cli.Output;

/// <summary>Columns of text, aligned; numbers to the right. Empty headings are left out.</summary>
/// <remarks>As wide as its cells, also in a terminal that is narrower: what is piped on must not depend on where it was written.</remarks>
internal sealed class TextTable(params string[] headings)
{
    private const int WidestLine = 100_000;

    private readonly List<string[]> _rows = [];

    /// <summary>Number of columns, from the left, that hold words; the others are aligned to the right.</summary>
    public int WordColumns { get; init; }

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Write(TextWriter output)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = headings.Any(heading => heading.Length > 0) };
        for (var i = 0; i < headings.Length; i++)
        {
            table.AddColumn(new TableColumn(new Text(headings[i]))
            {
                Alignment = i < WordColumns ? Justify.Left : Justify.Right,
                Padding = new Padding(0, 0, i + 1 < headings.Length ? 2 : 0, 0),
                NoWrap = true,
            });
        }

        foreach (var row in _rows) table.AddRow(row.Select(cell => new Text(cell)));

        using var lines = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(lines),
        });
        console.Profile.Width = WidestLine;
        console.Write(table);
        foreach (var line in lines.ToString().TrimEnd('\n').Split('\n')) output.WriteLine(line.TrimEnd());
    }
}
