namespace Rer.Web.RunList;

/// <summary>What the list of runs puts together.</summary>
public enum RunGrouping
{
    /// <summary>The seeds of one plan: runs that differ in nothing else.</summary>
    Plan,

    /// <summary>The runs of one sweep.</summary>
    Sweep,

    /// <summary>Nothing: every run by itself.</summary>
    None,
}
