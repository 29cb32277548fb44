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
    public string ToCsv()
    {
        var text = new StringBuilder();
        text.AppendJoin(',', Columns.Select(c => Quote(c.Name))).Append("\r\n");
        foreach (var row in Rows)
            text.AppendJoin(',', row.Select(v => double.IsFinite(v) ? v.ToString("R", CultureInfo.InvariantCulture) : "")).Append("\r\n");
        return text.ToString();
    }

    private static string Quote(string field) => field.AsSpan().IndexOfAny(",\"\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"")}\"";
}
