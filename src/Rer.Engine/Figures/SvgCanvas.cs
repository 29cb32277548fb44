using System.Globalization;
using System.Text;

namespace Rer.Engine.Figures;

/// <summary>Draws into an SVG document.</summary>
internal sealed class SvgCanvas : IFigureCanvas
{
    private readonly StringBuilder _svg = new();

    /// <summary>A white sheet.</summary>
    public SvgCanvas(int width, int height)
    {
        _svg.Append(CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" ");
        _svg.Append("font-family=\"Roboto, Helvetica, Arial, sans-serif\" font-size=\"11\" fill=\"#333\">\n");
        _svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n");
    }

    /// <inheritdoc/>
    public void Path(IReadOnlyList<(double X, double Y)> points, string color, double width, double opacity, bool dashed)
    {
        _svg.Append("<path d=\"");
        for (var i = 0; i < points.Count; i++)
            _svg.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? 'M' : 'L')}{points[i].X:0.#} {points[i].Y:0.#}");
        _svg.Append(CultureInfo.InvariantCulture, $"\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{width:0.#}\"");
        if (opacity < 1) _svg.Append(CultureInfo.InvariantCulture, $" opacity=\"{opacity:0.##}\"");
        if (dashed) _svg.Append(CultureInfo.InvariantCulture, $" stroke-dasharray=\"{Dash.On:0.#} {Dash.Off:0.#}\"");
        _svg.Append("/>\n");
    }

    /// <inheritdoc/>
    public void Text(double x, double y, string text, TextAnchor anchor, bool title, bool upwards)
    {
        _svg.Append(CultureInfo.InvariantCulture,
            $"<text transform=\"translate({x:0.#} {y:0.#}){(upwards ? " rotate(-90)" : "")}\" "
                + $"text-anchor=\"{anchor.ToString().ToLowerInvariant()}\"");
        if (title) _svg.Append(" font-weight=\"600\" font-size=\"13\"");
        _svg.Append('>').Append(text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;")).Append("</text>\n");
    }

    /// <summary>The document.</summary>
    public string ToDocument() => _svg + "</svg>\n";
}
