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
