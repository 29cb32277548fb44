namespace Rer.Engine.Figures;

/// <summary>The pattern of dashed lines, in units of an SVG pixel.</summary>
internal static class Dash
{
    /// <summary>Length of a dash.</summary>
    public const double On = 5;

    /// <summary>Length of the gap after it.</summary>
    public const double Off = 4;

    /// <summary>The pieces of a line that its dashes cover.</summary>
    public static IEnumerable<IReadOnlyList<(double X, double Y)>> Cut(IReadOnlyList<(double X, double Y)> points)
    {
        var (drawing, left) = (true, On);
        var piece = new List<(double X, double Y)> { points[0] };
        for (var i = 1; i < points.Count; i++)
        {
            var at = points[i - 1];
            while (true)
            {
                var (dx, dy) = (points[i].X - at.X, points[i].Y - at.Y);
                var length = Math.Sqrt((dx * dx) + (dy * dy));
                if (length <= left)
                {
                    left -= length;
                    piece.Add(points[i]);
                    break;
                }

                at = (at.X + (dx * left / length), at.Y + (dy * left / length));
                piece.Add(at);
                if (drawing) yield return [.. piece];
                piece = [at];
                (drawing, left) = (!drawing, drawing ? Off : On);
            }
        }

        if (drawing) yield return piece;
    }
}
