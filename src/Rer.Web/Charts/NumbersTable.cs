using System.Globalization;
using System.Text;

namespace Rer.Web.Charts;

/// <summary>A chart's numbers: shown as a table beneath it and saved as CSV.</summary>
/// <param name="Columns">Heading of every column; the first is the horizontal axis.</param>
/// <param name="Rows">Values by row; NaN where there is none.</param>
public sealed record NumbersTable(IReadOnlyList<NumbersColumn> Columns, IReadOnlyList<double[]> Rows)
{
    /// <summary>Rows shown on a page; the CSV has them all.</summary>
    public const int ShownRows = 200;

    /// <summary>RFC 4180, full precision, an empty field where there is no value.</summary>
    public string ToCsv() => Lines(Columns.Select(c => c.Name), Rows.Select(Fields));

    /// <summary>The same with columns of words before the others.</summary>
    /// <param name="headings">What the words are.</param>
    /// <param name="words">For each row, one for each heading.</param>
    public string ToCsv(IReadOnlyList<string> headings, IReadOnlyList<IReadOnlyList<string>> words) =>
        Lines(headings.Concat(Columns.Select(c => c.Name)), Rows.Select((row, i) => words[i].Concat(Fields(row))));

    private static IEnumerable<string> Fields(double[] row) =>
        row.Select(v => double.IsFinite(v) ? v.ToString("R", CultureInfo.InvariantCulture) : "");

    private static string Lines(IEnumerable<string> heading, IEnumerable<IEnumerable<string>> rows)
    {
        var text = new StringBuilder();
        foreach (var line in rows.Prepend(heading)) text.AppendJoin(',', line.Select(Quote)).Append("\r\n");
        return text.ToString();
    }

    private static string Quote(string field) => field.AsSpan().IndexOfAny(",\"\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"")}\"";
}

/// <summary>One column of a chart's numbers.</summary>
/// <param name="Name">Heading.</param>
/// <param name="Decimals">Decimals shown on the page; 0 for whole numbers.</param>
public sealed record NumbersColumn(string Name, int Decimals = 2);
