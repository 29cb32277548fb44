namespace Rer.Engine.Options;

/// <summary>A plan that cannot be run; <see cref="Errors"/> has everything that is wrong with it.</summary>
public sealed class PlanException : ArgumentException
{
    /// <summary>An error without details.</summary>
    public PlanException() : this([]) { }

    /// <summary>An error with a message.</summary>
    public PlanException(string message) : base(message) { }

    /// <summary>An error with a message and its cause.</summary>
    public PlanException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>All that is wrong with a plan.</summary>
    public PlanException(IReadOnlyList<PlanError> errors)
        : base("The plan cannot be run:" + string.Concat((errors ?? []).Select(e => Environment.NewLine + "  " + e))) =>
            Errors = errors ?? [];

    /// <summary>Everything that is wrong, one entry a fault.</summary>
    public IReadOnlyList<PlanError> Errors { get; } = [];
}

/// <summary>Something about a plan that cannot be run as it is.</summary>
/// <param name="Option">The option, as the command line names it without dashes: `clip-range`.</param>
/// <param name="Value">Its value as text; empty where the message needs none.</param>
/// <param name="Message">What is wrong and what would be right: `is outside (0, 1]. The paper uses 0.2.`</param>
public sealed record PlanError(string Option, string Value, string Message)
{
    /// <summary>`--clip-range: 1.4 is outside (0, 1]. The paper uses 0.2.`</summary>
    public override string ToString() => Value.Length == 0 ? $"--{Option}: {Message}" : $"--{Option}: {Value} {Message}";
}
