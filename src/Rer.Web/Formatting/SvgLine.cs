using System.Globalization;

namespace Rer.Web.Formatting;

/// <summary>Small line drawings as SVG coordinates.</summary>
public static class SvgLine
{
    /// <summary>
    /// Values spread evenly from <paramref name="left"/> to <paramref name="right"/> and scaled to the range of
    /// <paramref name="scale"/>, their own by default; those that are not finite are left out, a constant series lies in the middle.
    /// </summary>
    public static IReadOnlyList<(double X, double Y)> Points(
        IReadOnlyList<double> values, double left, double right, double top, double bottom, IReadOnlyList<double>? scale = null)
    {
        var finite = (scale ?? values).Where(double.IsFinite).ToArray();
        if (finite.Length == 0) return [];
        double low = finite.Min(), high = finite.Max();
        var points = new List<(double, double)>(values.Count);
        for (var i = 0; i < values.Count; i++)
        {
            if (!double.IsFinite(values[i])) continue;
            var x = values.Count == 1 ? left : left + (right - left) * i / (values.Count - 1);
            var y = high > low ? bottom - (bottom - top) * (values[i] - low) / (high - low) : (top + bottom) / 2;
            points.Add((x, y));
        }
        return points;
    }

    /// <summary>Points as a polyline's attribute.</summary>
    public static string Text(IEnumerable<(double X, double Y)> points) => string.Join(' ', points.Select(p => $"{Text(p.X)},{Text(p.Y)}"));

    /// <summary>One coordinate.</summary>
    public static string Text(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
