namespace Rer.Web.Compare;

/// <summary>An option on which the compared plans differ.</summary>
/// <param name="Option">What it is called.</param>
/// <param name="Values">Its value in each column.</param>
/// <param name="Differs">Whether a column's value is not the one that most columns have.</param>
public sealed record PlanRowDifference(string Option, IReadOnlyList<string> Values, IReadOnlyList<bool> Differs);
