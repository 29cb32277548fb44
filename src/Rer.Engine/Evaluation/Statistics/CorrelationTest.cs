namespace Rer.Engine.Evaluation.Statistics;

/// <summary>
/// A correlation coefficient with its two-sided p-value; NaN where it is not defined (a constant series, NaN among the values).
/// </summary>
/// <param name="Statistic">In [-1, 1].</param>
/// <param name="PValue">Probability of a coefficient this far from 0 between unrelated series.</param>
public readonly record struct CorrelationTest(double Statistic, double PValue);
