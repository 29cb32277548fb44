namespace Rer.Web.Charts;

/// <summary>One axis of a chart.</summary>
public sealed record ChartAxis
{
    /// <summary>First and last value shown; null fits the data.</summary>
    public double[]? Range { get; init; }

    /// <summary>Where the ticks stand; null lets them be chosen.</summary>
    public double[]? Values { get; init; }

    /// <summary>What the ticks say; null prints <see cref="Values"/>.</summary>
    public string[]? Text { get; init; }

    /// <summary>Title; null where the panel says it.</summary>
    public string? Title { get; init; }

    /// <summary>Distance of the title from the tick labels, pixels.</summary>
    public double? Standoff { get; init; }

    /// <summary>Number format of the tick labels (d3-format).</summary>
    public string? Format { get; init; }

    /// <summary>About how many ticks.</summary>
    public int? Ticks { get; init; }

    /// <summary>Share of the height this axis takes, from 0 to 1.</summary>
    public double[]? Domain { get; init; }

    /// <summary>The axis this one is drawn against.</summary>
    public string? Anchor { get; init; }

    /// <summary>Angle of the tick labels in degrees.</summary>
    public double? Angle { get; init; }

    /// <summary>Includes zero.</summary>
    public bool ToZero { get; init; }
}
