namespace Rer.Web.Charts;

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
