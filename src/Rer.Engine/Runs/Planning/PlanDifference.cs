namespace Rer.Engine.Runs.Planning;

/// <summary>An option on which two plans differ.</summary>
/// <param name="Option">Its name: `clip-range`.</param>
/// <param name="Value">Its value in this plan.</param>
/// <param name="Other">Its value in the other.</param>
public sealed record PlanDifference(string Option, string Value, string Other);
