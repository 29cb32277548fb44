namespace Rer.Web.Charts;

/// <summary>How proxy and gold are brought onto one axis.</summary>
public enum Scale
{
    /// <summary>z-scores over the run's checkpoints.</summary>
    ZScore,

    /// <summary>From the lowest checkpoint, 0, to the highest, 1.</summary>
    MinMax,

    /// <summary>As scored: two panels, never two scales in one.</summary>
    Raw,
}
