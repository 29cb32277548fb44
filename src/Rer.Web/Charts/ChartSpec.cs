using System.Text.Json.Serialization;

namespace Rer.Web.Charts;

/// <summary>What a chart shows, free of how it looks: `wwwroot/js/charts.js` decides colours, marks and type.</summary>
/// <remarks>Records compare by reference here; a page builds a new one only when its data changed.</remarks>
public sealed class ChartSpec
{
    /// <summary>Most points a trace may carry; longer series are down-sampled on the server.</summary>
    public const int MaximumPoints = 2000;

    /// <summary>The series, drawn in order; bands lie under all lines.</summary>
    public required IReadOnlyList<ChartTrace> Traces { get; init; }

    /// <summary>Horizontal axis.</summary>
    public ChartAxis? X { get; init; }

    /// <summary>Vertical axis.</summary>
    public ChartAxis? Y { get; init; }

    /// <summary>Vertical axis of a second panel under the first; never a second scale in one panel.</summary>
    public ChartAxis? Y2 { get; init; }

    /// <summary>Lines, spans and brackets with their notes.</summary>
    public IReadOnlyList<ChartMark>? Marks { get; init; }

    /// <summary>Names at the lines' ends.</summary>
    public IReadOnlyList<ChartEnd>? Ends { get; init; }

    /// <summary>Space around the plot in pixels.</summary>
    public ChartMargin? Margin { get; init; }

    /// <summary>Thinner lines and smaller marks, for small multiples.</summary>
    public bool Small { get; init; }
}

/// <summary>A series' name at the end of its line.</summary>
/// <param name="Key">The series.</param>
/// <param name="X">Horizontal position of the last point.</param>
/// <param name="Y">Value of the last point.</param>
/// <param name="Text">The name.</param>
public sealed record ChartEnd(string Key, double X, double Y, string Text)
{
    /// <summary>Pixels up, so that two names that would meet stand apart.</summary>
    public double? Shift { get; init; }

    /// <summary>`y2` for the second panel.</summary>
    public string? Axis { get; init; }

    /// <summary>Type size in pixels; null is 12.</summary>
    public double? Size { get; init; }
}

/// <summary>Space around a plot, in pixels.</summary>
/// <param name="Left">For the vertical axis.</param>
/// <param name="Right">For the names at the lines' ends.</param>
/// <param name="Top">Above the plot.</param>
/// <param name="Bottom">For the horizontal axis.</param>
public sealed record ChartMargin(
    [property: JsonPropertyName("l")] int Left,
    [property: JsonPropertyName("r")] int Right,
    [property: JsonPropertyName("t")] int Top,
    [property: JsonPropertyName("b")] int Bottom);
