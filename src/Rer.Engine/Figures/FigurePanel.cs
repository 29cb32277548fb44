namespace Rer.Engine.Figures;

/// <summary>One plot of a figure.</summary>
/// <param name="Title">Stands above it.</param>
/// <param name="XLabel">Stands below it.</param>
/// <param name="YLabel">Stands to its left.</param>
/// <param name="Lines">Its series, drawn in order.</param>
internal sealed record FigurePanel(string Title, string XLabel, string YLabel, IReadOnlyList<FigureLine> Lines);
