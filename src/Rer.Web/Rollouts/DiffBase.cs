namespace Rer.Web.Rollouts;

/// <summary>What a checkpoint's text is compared with.</summary>
public enum DiffBase
{
    /// <summary>The checkpoint shown before it.</summary>
    Previous,

    /// <summary>The first checkpoint shown.</summary>
    First,

    /// <summary>Nothing.</summary>
    Off,
}
