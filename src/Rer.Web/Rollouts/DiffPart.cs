namespace Rer.Web.Rollouts;

/// <summary>A stretch of a text diff.</summary>
/// <param name="Kind">Kept, added or removed.</param>
/// <param name="Text">Its text, spaces included.</param>
public sealed record DiffPart(DiffKind Kind, string Text);
