using System.Globalization;

namespace Rer.Engine.Figures;

/// <summary>Draws line plots side by side, as SVG and as PNG.</summary>
internal static class FigureWriter
{
    private const int Width = 340;
    private const int Height = 260;
    private const int Left = 52;
    private const int Right = 18;
    private const int Top = 34;
    private const int Bottom = 42;
    private const int LegendRow = 16;
    private const int LegendColumn = 140;
    private const string GridColor = "#e6e6e6";

    /// <summary>Writes `NAME.svg` and `NAME.png` into a folder.</summary>
    public static void Save(string folder, string name, IReadOnlyList<FigurePanel> panels)
    {
        File.WriteAllText(Path.Combine(folder, name + ".svg"), Svg(panels));
        File.WriteAllBytes(Path.Combine(folder, name + ".png"), Png(panels));
    }

    /// <summary>The figure as one SVG document.</summary>
    public static string Svg(IReadOnlyList<FigurePanel> panels)
    {
        var canvas = new SvgCanvas(Width * panels.Count, HeightOf(panels));
        Draw(canvas, panels);
        return canvas.ToDocument();
    }

    /// <summary>The figure as a PNG file.</summary>
    public static byte[] Png(IReadOnlyList<FigurePanel> panels)
    {
        var canvas = new PngCanvas(Width * panels.Count, HeightOf(panels));
        Draw(canvas, panels);
        return canvas.ToFile();
    }

    private static int HeightOf(IReadOnlyList<FigurePanel> panels) =>
        Height + (LegendRow * panels.Max(panel => (panel.Lines.Count(line => line.Name is not null) + 1) / 2)) + 8;

    private static void Draw(IFigureCanvas canvas, IReadOnlyList<FigurePanel> panels)
    {
        for (var i = 0; i < panels.Count; i++) DrawPanel(canvas, panels[i], i * Width);
    }

    private static void DrawPanel(IFigureCanvas canvas, FigurePanel panel, int origin)
    {
        var (left, right) = (origin + Left, origin + Width - Right);
        var x = Scale.Over(panel.Lines.SelectMany(line => line.X), left, right);
        var y = Scale.Over(panel.Lines.SelectMany(line => line.Y), Height - Bottom, Top);
        canvas.Text(origin + (Width / 2.0), 18, panel.Title, TextAnchor.Middle, title: true);
        canvas.Text((left + right) / 2.0, Height - 8, panel.XLabel, TextAnchor.Middle);
        canvas.Text(origin + 13, (Top + Height - Bottom) / 2.0, panel.YLabel, TextAnchor.Middle, upwards: true);
        foreach (var tick in y.Ticks)
        {
            var at = y.Place(tick);
            canvas.Path([(left, at), (right, at)], GridColor);
            canvas.Text(left - 6, at + 4, Number(tick), TextAnchor.End);
        }

        foreach (var tick in x.Ticks) canvas.Text(x.Place(tick), Height - Bottom + 15, Number(tick), TextAnchor.Middle);
        foreach (var line in panel.Lines) DrawLine(canvas, line, x, y);
        DrawLegend(canvas, panel, left);
    }

    /// <summary>A line for each run of finite values.</summary>
    private static void DrawLine(IFigureCanvas canvas, FigureLine line, Scale x, Scale y)
    {
        var run = new List<(double X, double Y)>();
        for (var i = 0; i <= line.X.Count; i++)
        {
            if (i < line.X.Count && double.IsFinite(line.Y[i]))
            {
                run.Add((x.Place(line.X[i]), y.Place(line.Y[i])));
                continue;
            }

            if (run.Count > 1) canvas.Path(run, line.Color, line.Faint ? 1 : 2, line.Faint ? 0.35 : 1, line.Dashed);
            run = [];
        }
    }

    private static void DrawLegend(IFigureCanvas canvas, FigurePanel panel, int origin)
    {
        var index = 0;
        foreach (var line in panel.Lines.Where(line => line.Name is not null))
        {
            var (left, middle) = (origin + (index % 2 * LegendColumn), Height + 4 + (index / 2 * LegendRow));
            canvas.Path([(left, middle), (left + 22, middle)], line.Color, 2, dashed: line.Dashed);
            canvas.Text(left + 28, middle + 4, line.Name!, TextAnchor.Start);
            index++;
        }
    }

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

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

/// <summary>One plot of a figure.</summary>
/// <param name="Title">Stands above it.</param>
/// <param name="XLabel">Stands below it.</param>
/// <param name="YLabel">Stands to its left.</param>
/// <param name="Lines">Its series, drawn in order.</param>
internal sealed record FigurePanel(string Title, string XLabel, string YLabel, IReadOnlyList<FigureLine> Lines);
