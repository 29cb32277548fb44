namespace Rer.Web.Plans;

/// <summary>A model or prompt set that can be chosen.</summary>
/// <param name="Path">What the plan holds.</param>
/// <param name="Label">What the page shows.</param>
public sealed record PlanChoice(string Path, string Label);
