namespace Rer.Web.Charts;

/// <summary>How training curves are drawn.</summary>
public static class TrainingCurveOptions
{
    /// <summary>Weight of the past in the smoothed line, unless the reader chooses another.</summary>
    public const double DefaultWeight = 0.94;

    /// <summary>Points a small multiple draws: about two a pixel of its width.</summary>
    public const int Points = 400;
}
