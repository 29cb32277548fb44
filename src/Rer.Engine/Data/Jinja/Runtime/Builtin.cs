namespace Rer.Engine.Data.Jinja.Runtime;

/// <summary>A filter, a test or a method.</summary>
internal sealed class Builtin
{
    private readonly string[]? _parameters;
    private readonly Func<object?, Arguments, object?> _apply;

    /// <summary>A filter, a test or a method of fixed parameters.</summary>
    /// <param name="parameters">Their names, blanks between; null where it takes any.</param>
    /// <param name="apply">What it does with a value and the arguments.</param>
    public Builtin(string? parameters, Func<object?, Arguments, object?> apply) =>
        (_parameters, _apply) = (parameters?.Split(' ', StringSplitOptions.RemoveEmptyEntries), apply);

    /// <summary>Applies it.</summary>
    /// <exception cref="EvaluationException">The arguments do not fit, or the value does not.</exception>
    public object? Apply(string name, object? value, Arguments given)
    {
        if (_parameters is not null) given.Fit(name, _parameters);
        return _apply(value, given);
    }
}
