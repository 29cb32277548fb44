namespace Rer.Web.Charts;

/// <summary>A series in the key of a saved figure.</summary>
/// <param name="Series">`proxy`, `gold`, `oe` or `ce`.</param>
/// <param name="Name">What it is called.</param>
public sealed record FigureKey(string Series, string Name);
