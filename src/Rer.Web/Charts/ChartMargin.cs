using System.Text.Json.Serialization;

namespace Rer.Web.Charts;

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
