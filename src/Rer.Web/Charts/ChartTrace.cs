namespace Rer.Web.Charts;

/// <summary>One series of a chart.</summary>
public sealed record ChartTrace
{
    /// <summary>Which series it is: `proxy`, `gold`, `oe`, `ce` or `ink`. Decides colour and mark.</summary>
    public required string Key { get; init; }

    /// <summary>Name in the hover label.</summary>
    public string Name { get; init; } = "";

    /// <summary>Horizontal positions.</summary>
    public required double[] X { get; init; }

    /// <summary>Values; NaN is a gap. Null draws the band alone.</summary>
    public double[]? Y { get; init; }

    /// <summary>Lower edge of the band around the values.</summary>
    public double[]? Low { get; init; }

    /// <summary>Upper edge of the band.</summary>
    public double[]? High { get; init; }

    /// <summary>`marked` (a mark at every point), `line`, or `faint` (background, not in the hover label).</summary>
    public string Style { get; init; } = "marked";

    /// <summary>`y2` puts the series in the second panel.</summary>
    public string? Axis { get; init; }

    /// <summary>Dash pattern, for example `6px,3px`; null is a solid line.</summary>
    public string? Dash { get; init; }

    /// <summary>Line width in pixels; null takes the style's own.</summary>
    public double? Width { get; init; }

    /// <summary>Mark size in pixels; null takes the series' own.</summary>
    public double? Size { get; init; }

    /// <summary>Draws steps instead of slopes.</summary>
    public bool Stepped { get; init; }

    /// <summary>Opacity; null is 1.</summary>
    public double? Opacity { get; init; }

    /// <summary>Number format in the hover label (d3-format); null is two decimals.</summary>
    public string? Hover { get; init; }
}
