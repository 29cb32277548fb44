namespace Rer.Web.Rollouts;

/// <summary>What became of a stretch of text.</summary>
public enum DiffKind
{
    /// <summary>In both texts.</summary>
    Kept,

    /// <summary>Only in the later one.</summary>
    Added,

    /// <summary>Only in the earlier one.</summary>
    Removed,
}
