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
