namespace Rer.Engine.Figures;

/// <summary>A series of a figure's panel.</summary>
/// <param name="Name">Name in the legend; null leaves it out of the legend.</param>
/// <param name="X">Abscissae.</param>
/// <param name="Y">Ordinates; NaN breaks the line.</param>
/// <param name="Color">CSS colour.</param>
internal sealed record FigureLine(string? Name, IReadOnlyList<double> X, IReadOnlyList<double> Y, string Color)
{
    /// <summary>Drawn dashed.</summary>
    public bool Dashed { get; init; }

    /// <summary>Drawn thin and pale: one seed among several.</summary>
    public bool Faint { get; init; }
}
