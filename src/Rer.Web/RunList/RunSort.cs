namespace Rer.Web.RunList;

/// <summary>What the list of runs is ordered by.</summary>
public enum RunSort
{
    /// <summary>Newest launch first.</summary>
    Launched,

    /// <summary>Design in alphabetical order.</summary>
    Design,

    /// <summary>Most steps first.</summary>
    Step,

    /// <summary>Highest correlation first.</summary>
    Rho,

    /// <summary>Highest final gold first.</summary>
    GoldFinal,

    /// <summary>Highest gold ever first.</summary>
    GoldBest,

    /// <summary>Longest first.</summary>
    Duration,
}
