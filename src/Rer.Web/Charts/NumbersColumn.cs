namespace Rer.Web.Charts;

/// <summary>One column of a chart's numbers.</summary>
/// <param name="Name">Heading.</param>
/// <param name="Decimals">Decimals shown on the page; 0 for whole numbers.</param>
public sealed record NumbersColumn(string Name, int Decimals = 2);
