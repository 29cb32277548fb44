namespace Rer.Web.Charts;

/// <summary>What a saved figure says of itself where the page said it around the chart.</summary>
/// <param name="Title">What is drawn.</param>
/// <param name="Unit">Its unit, or how it was scaled.</param>
/// <param name="Keys">The series' keys with their names, each drawn with its mark.</param>
public sealed record FigureHead(string Title, string Unit, IReadOnlyList<FigureKey> Keys);

/// <summary>A series in the key of a saved figure.</summary>
/// <param name="Series">`proxy`, `gold`, `oe` or `ce`.</param>
/// <param name="Name">What it is called.</param>
public sealed record FigureKey(string Series, string Name);
