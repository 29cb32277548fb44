namespace Rer.Engine.Evaluation.Statistics;

/// <summary>A mean with its bootstrap 95% interval over queries.</summary>
/// <param name="Mean">Mean over responses, then over queries.</param>
/// <param name="Low">2.5th percentile of the bootstrap means.</param>
/// <param name="High">97.5th percentile of the bootstrap means.</param>
/// <param name="Count">Number of queries.</param>
public readonly record struct Interval(double Mean, double Low, double High, int Count);
