using System.Globalization;

namespace Rer.Engine.Figures;

/// <summary>Draws into pixels, strokes with smooth edges, texts in <see cref="StrokeFont"/>: a PNG needs no browser and no font.</summary>
internal sealed class PngCanvas : IFigureCanvas
{
    /// <summary>Pixels a unit, for sharp screens.</summary>
    private const int Density = 2;

    private const string TextColor = "#333333";

    private readonly int _width;
    private readonly int _height;
    private readonly float[] _pixels;

    /// <summary>A white sheet, in units.</summary>
    public PngCanvas(int width, int height)
    {
        (_width, _height) = (width * Density, height * Density);
        _pixels = new float[_width * _height * 3];
        Array.Fill(_pixels, 1f);
    }

    /// <inheritdoc/>
    public void Path(IReadOnlyList<(double X, double Y)> points, string color, double width, double opacity, bool dashed) =>
        Stroke(dashed ? Dash.Cut(points) : [points], color, width, opacity);

    /// <inheritdoc/>
    public void Text(double x, double y, string text, TextAnchor anchor, bool title, bool upwards)
    {
        var size = title ? 13 : 11;
        var before = StrokeFont.Width(text, size) * (anchor == TextAnchor.End ? 1 : anchor == TextAnchor.Middle ? 0.5 : 0);
        var strokes = StrokeFont.Strokes(text, size).Select(stroke => stroke
            .Select(point => upwards ? (x + point.Y, y - point.X + before) : (x + point.X - before, y + point.Y)).ToArray());
        Stroke(strokes, TextColor, title ? 1.6 : 1.05, opacity: 1);
    }

    /// <summary>The picture as a PNG file.</summary>
    public byte[] ToFile()
    {
        var rgb = Array.ConvertAll(_pixels, value => (byte)Math.Round(255 * Math.Clamp(value, 0f, 1f)));
        return PngEncoder.Encode(_width, _height, rgb);
    }

    /// <summary>Covers what lies within half the width of any of the lines, once however many of them cross there.</summary>
    private void Stroke(IEnumerable<IReadOnlyList<(double X, double Y)>> lines, string color, double width, double opacity)
    {
        var covered = new Dictionary<int, double>();
        foreach (var line in lines)
        {
            for (var i = 1; i < line.Count; i++) Cover(covered, line[i - 1], line[i], width * Density / 2);
        }

        foreach (var (pixel, coverage) in covered)
        {
            for (var channel = 0; channel < 3; channel++)
            {
                var ink = byte.Parse(color.AsSpan(1 + (2 * channel), 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
                ref var value = ref _pixels[(pixel * 3) + channel];
                value += (float)((ink - value) * coverage * opacity);
            }
        }
    }

    private void Cover(Dictionary<int, double> covered, (double X, double Y) from, (double X, double Y) to, double radius)
    {
        var (x1, y1, x2, y2) = (from.X * Density, from.Y * Density, to.X * Density, to.Y * Density);
        var (dx, dy) = (x2 - x1, y2 - y1);
        var squared = (dx * dx) + (dy * dy);
        for (var row = Math.Max(0, (int)(Math.Min(y1, y2) - radius - 1));
            row <= Math.Min(_height - 1, (int)(Math.Max(y1, y2) + radius + 1)); row++)
        {
            for (var column = Math.Max(0, (int)(Math.Min(x1, x2) - radius - 1));
                column <= Math.Min(_width - 1, (int)(Math.Max(x1, x2) + radius + 1)); column++)
            {
                // The distance of the pixel's centre from the segment; an edge takes a pixel to fade.
                var (px, py) = (column + 0.5 - x1, row + 0.5 - y1);
                var along = squared == 0 ? 0 : Math.Clamp(((px * dx) + (py * dy)) / squared, 0, 1);
                var distance = Math.Sqrt(Math.Pow(px - (along * dx), 2) + Math.Pow(py - (along * dy), 2));
                var coverage = Math.Clamp(radius + 0.5 - distance, 0, 1);
                if (coverage == 0) continue;
                var pixel = (row * _width) + column;
                covered[pixel] = Math.Max(coverage, covered.GetValueOrDefault(pixel));
            }
        }
    }
}
