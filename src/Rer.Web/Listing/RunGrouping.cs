namespace Rer.Web.Listing;

/// <summary>What the list of runs puts together.</summary>
public enum RunGrouping
{
    /// <summary>The seeds of one design on the same models and data.</summary>
    Design,

    /// <summary>The runs of one sweep.</summary>
    Sweep,

    /// <summary>Nothing: every run by itself.</summary>
    None,
}
