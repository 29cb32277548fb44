namespace Rer.Web.Charts;

/// <summary>A reference line, a shaded span or a bracket in a chart.</summary>
public sealed record ChartMark
{
    /// <summary>`vertical`, `horizontal`, `span` or `bracket`.</summary>
    public required string Kind { get; init; }

    /// <summary>Horizontal position, or where it begins.</summary>
    public double X { get; init; }

    /// <summary>Where a span or a horizontal line ends.</summary>
    public double? X1 { get; init; }

    /// <summary>Height of a horizontal line, one end of a bracket, or of a span's note as a share of the chart; null is its top.</summary>
    public double? Y { get; init; }

    /// <summary>The other end of a bracket.</summary>
    public double? Y1 { get; init; }

    /// <summary>A token's name, for example `--gold`.</summary>
    public string? Color { get; init; }

    /// <summary>Dash pattern; null is solid.</summary>
    public string? Dash { get; init; }

    /// <summary>Note beside the mark.</summary>
    public string? Text { get; init; }

    /// <summary>Token of the note's colour.</summary>
    public string? TextColor { get; init; }

    /// <summary>The note stands at the lower end of a vertical line.</summary>
    public bool Bottom { get; init; }

    /// <summary>The note stands left of the line.</summary>
    public bool Left { get; init; }
}
