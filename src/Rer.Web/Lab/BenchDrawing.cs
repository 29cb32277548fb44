using System.Globalization;
using System.Net;
using System.Text;
using Rer.Engine.Evaluation.Statistics;
using Rer.Web.Formatting;

namespace Rer.Web.Lab;

/// <summary>The accuracy on a pair set as files: a picture and its numbers.</summary>
public static class BenchDrawing
{
    private const int Name = 160, Cell = 150, Bar = 150, Gap = 24, Line = 28;

    // The light theme's colours: a saved figure is for paper.
    private const string Ink = "#191B1C", Dim = "#686D70", Rule = "#E1E1DD", GoldFill = "#B2801E", ProxyFill = "#3585F2";

    /// <summary>The table with its bars, on white.</summary>
    /// <param name="bench">The accuracies.</param>
    /// <param name="design">The design's title.</param>
    public static string Svg(LabBench bench, string design)
    {
        var width = Name + (bench.Proxy is null ? 1 : 2) * (Cell + Bar + Gap);
        var height = Line * (bench.Rows.Count + 1) + 12;
        var svg = new StringBuilder(
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" "
                + "font-family=\"Inter, sans-serif\" font-size=\"13\">");
        svg.Append($"<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>");
        Text(svg, 8, 20, Dim, "Subset, pairs");
        Text(svg, Name, 20, Dim, "Gold, 95 %");
        if (bench.Proxy is not null) Text(svg, Name + Cell + Bar + Gap, 20, Dim, $"{design}, 95 %");
        var y = Line;
        foreach (var (name, gold, proxy) in bench.Rows)
        {
            svg.Append($"<rect x=\"8\" y=\"{y}\" width=\"{width - 16}\" height=\"1\" fill=\"{Rule}\"/>");
            Text(svg, 8, y + 19, Ink, $"{name}, {Display.Count(gold.Count)}");
            Accuracy(svg, Name, y, gold, GoldFill);
            if (proxy is { } p) Accuracy(svg, Name + Cell + Bar + Gap, y, p, ProxyFill);
            y += Line;
        }
        return svg.Append("</svg>").ToString();
    }

    /// <summary>RFC 4180: a row a subset, full precision.</summary>
    public static string Csv(LabBench bench)
    {
        var csv = new StringBuilder("subset,pairs,gold,gold low,gold high");
        if (bench.Proxy is not null) csv.Append(",proxy,proxy low,proxy high");
        csv.Append(",gold cut\r\n");
        foreach (var (name, gold, proxy) in bench.Rows)
        {
            csv.Append(CultureInfo.InvariantCulture,
                $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\",{gold.Count},{gold.Mean:R},{gold.Low:R},{gold.High:R}");
            if (proxy is { } p) csv.Append(CultureInfo.InvariantCulture, $",{p.Mean:R},{p.Low:R},{p.High:R}");
            csv.Append(CultureInfo.InvariantCulture, $",{bench.GoldCutIn(name)}\r\n");
        }
        return csv.ToString();
    }

    private static void Accuracy(StringBuilder svg, int x, int y, Interval interval, string fill)
    {
        Text(svg, x, y + 19, Ink,
            $"{Display.Percent(interval.Mean, 1)}   {Display.Number(100 * interval.Low, 1)} to {Display.Number(100 * interval.High, 1)}");
        svg.Append($"<rect x=\"{x + Cell}\" y=\"{y + 11}\" width=\"{Bar}\" height=\"8\" fill=\"{Rule}\"/>");
        svg.Append($"<rect x=\"{x + Cell}\" y=\"{y + 11}\" width=\"{SvgLine.Text(Bar * interval.Mean)}\" height=\"8\" fill=\"{fill}\"/>");
        svg.Append($"<rect x=\"{x + Cell + Bar / 2}\" y=\"{y + 9}\" width=\"1.5\" height=\"12\" fill=\"{Ink}\"/>");
    }

    private static void Text(StringBuilder svg, int x, int y, string fill, string text) =>
        svg.Append($"<text x=\"{x}\" y=\"{y}\" fill=\"{fill}\">{WebUtility.HtmlEncode(text)}</text>");
}
