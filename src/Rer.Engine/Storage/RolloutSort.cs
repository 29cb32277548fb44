namespace Rer.Engine.Storage;

/// <summary>How rollouts are ordered.</summary>
public enum RolloutSort
{
    /// <summary>By step, query, sample.</summary>
    Item,

    /// <summary>By proxy reward.</summary>
    Proxy,

    /// <summary>By gold reward.</summary>
    Gold,

    /// <summary>By response length in tokens.</summary>
    Length,

    /// <summary>By how far apart the proxy's and the gold's rank among the step's rollouts are.</summary>
    Disagreement,
}
