namespace Rer.Engine.Options;

/// <summary>Something about a plan that cannot be run as it is.</summary>
/// <param name="Option">The option, as the command line names it without dashes: `clip-range`.</param>
/// <param name="Value">Its value as text; empty where the message needs none.</param>
/// <param name="Message">What is wrong and what would be right: `is outside (0, 1]. The paper uses 0.2.`</param>
public sealed record PlanError(string Option, string Value, string Message)
{
    /// <summary>`--clip-range: 1.4 is outside (0, 1]. The paper uses 0.2.`</summary>
    public override string ToString() => Value.Length == 0 ? $"--{Option}: {Message}" : $"--{Option}: {Value} {Message}";
}
