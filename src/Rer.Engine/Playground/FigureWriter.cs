using System.Globalization;
using System.Text;

namespace Rer.Engine.Playground;

/// <summary>Draws line plots side by side as SVG.</summary>
internal static class FigureWriter
{
    private const int Width = 340;
    private const int Height = 260;
    private const int Left = 52;
    private const int Right = 14;
    private const int Top = 34;
    private const int Bottom = 42;
    private const int LegendRow = 16;

    /// <summary>The figure as one SVG document.</summary>
    public static string Render(IReadOnlyList<FigurePanel> panels)
    {
        var legendRows = panels.Max(panel => (panel.Lines.Count(line => line.Name is not null) + 1) / 2);
        var (width, height) = (Width * panels.Count, Height + (LegendRow * legendRows) + 8);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" ");
        svg.Append("font-family=\"Roboto, Helvetica, Arial, sans-serif\" font-size=\"11\" fill=\"#333\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n");
        for (var i = 0; i < panels.Count; i++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<g transform=\"translate({i * Width} 0)\">\n");
            DrawPanel(svg, panels[i]);
            svg.Append("</g>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void DrawPanel(StringBuilder svg, FigurePanel panel)
    {
        var x = Scale.Over(panel.Lines.SelectMany(line => line.X), Left, Width - Right);
        var y = Scale.Over(panel.Lines.SelectMany(line => line.Y), Height - Bottom, Top);
        Text(svg, Width / 2.0, 18, panel.Title, "middle", bold: true);
        Text(svg, (Left + Width - Right) / 2.0, Height - 8, panel.XLabel, "middle");
        svg.Append(CultureInfo.InvariantCulture, $"<text transform=\"translate(13 {(Top + Height - Bottom) / 2}) rotate(-90)\" text-anchor=\"middle\">{Escape(panel.YLabel)}</text>\n");
        foreach (var tick in y.Ticks)
        {
            var at = y.Place(tick);
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{at:0.#}\" y2=\"{at:0.#}\" stroke=\"#e6e6e6\"/>\n");
            Text(svg, Left - 6, at + 4, Number(tick), "end");
        }

        foreach (var tick in x.Ticks) Text(svg, x.Place(tick), Height - Bottom + 15, Number(tick), "middle");
        foreach (var line in panel.Lines) DrawLine(svg, line, x, y);
        DrawLegend(svg, panel);
    }

    private static void DrawLine(StringBuilder svg, FigureLine line, Scale x, Scale y)
    {
        var path = new StringBuilder();
        var move = true;
        for (var i = 0; i < line.X.Count; i++)
        {
            if (!double.IsFinite(line.Y[i]))
            {
                move = true;
                continue;
            }

            path.Append(CultureInfo.InvariantCulture, $"{(move ? 'M' : 'L')}{x.Place(line.X[i]):0.#} {y.Place(line.Y[i]):0.#}");
            move = false;
        }

        var style = line.Faint ? "stroke-width=\"1\" opacity=\"0.35\"" : "stroke-width=\"2\"";
        svg.Append(CultureInfo.InvariantCulture, $"<path d=\"{path}\" fill=\"none\" stroke=\"{line.Color}\" {style}{Dashes(line)}/>\n");
    }

    private static void DrawLegend(StringBuilder svg, FigurePanel panel)
    {
        var index = 0;
        foreach (var line in panel.Lines.Where(line => line.Name is not null))
        {
            var (left, middle) = (Left + (index % 2 * 140), Height + 4 + (index / 2 * LegendRow));
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{left}\" x2=\"{left + 22}\" y1=\"{middle}\" y2=\"{middle}\" stroke=\"{line.Color}\" stroke-width=\"2\"{Dashes(line)}/>\n");
            Text(svg, left + 28, middle + 4, line.Name!, "start");
            index++;
        }
    }

    private static void Text(StringBuilder svg, double x, double y, string text, string anchor, bool bold = false) => svg.Append(
        CultureInfo.InvariantCulture,
        $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{anchor}\"{(bold ? " font-weight=\"600\" font-size=\"13\"" : "")}>{Escape(text)}</text>\n");

    private static string Dashes(FigureLine line) => line.Dashed ? " stroke-dasharray=\"5 4\"" : "";

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");

    /// <summary>A linear axis from a range of values to a range of pixels.</summary>
    private sealed record Scale(double Low, double High, double Start, double End, IReadOnlyList<double> Ticks)
    {
        public static Scale Over(IEnumerable<double> values, double start, double end)
        {
            var finite = values.Where(double.IsFinite).DefaultIfEmpty(0).ToArray();
            var (low, high) = (finite.Min(), finite.Max());
            if (high - low < 1e-9) (low, high) = (low - 0.5, high + 0.5);
            var step = Step((high - low) / 4);
            var first = Math.Floor(low / step);
            var count = (int)(Math.Ceiling(high / step) - first) + 1;
            var ticks = Enumerable.Range(0, count).Select(i => (first + i) * step).ToArray();
            return new Scale(ticks[0], ticks[^1], start, end, ticks);
        }

        public double Place(double value) => Start + ((value - Low) / (High - Low) * (End - Start));

        /// <summary>The next of 1, 2, 5 times a power of ten.</summary>
        private static double Step(double rough)
        {
            var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
            var share = rough / power;
            return power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
        }
    }
}
