namespace Rer.Engine.Figures;

/// <summary>What figures are drawn on. Coordinates are in units of an SVG pixel, the origin in the upper left corner.</summary>
internal interface IFigureCanvas
{
    /// <summary>Draws a line through points.</summary>
    /// <param name="points">Two points at least.</param>
    /// <param name="color">`#rrggbb`.</param>
    /// <param name="width">Width of the stroke.</param>
    /// <param name="opacity">In (0, 1].</param>
    /// <param name="dashed">Drawn dashed.</param>
    void Path(IReadOnlyList<(double X, double Y)> points, string color, double width = 1, double opacity = 1, bool dashed = false);

    /// <summary>Writes a text.</summary>
    /// <param name="x">Where it is anchored.</param>
    /// <param name="y">Its baseline.</param>
    /// <param name="text">One line.</param>
    /// <param name="anchor">What of the text stands at <paramref name="x"/>.</param>
    /// <param name="title">Larger and bold.</param>
    /// <param name="upwards">Turned to read from below.</param>
    void Text(double x, double y, string text, TextAnchor anchor, bool title = false, bool upwards = false);
}
