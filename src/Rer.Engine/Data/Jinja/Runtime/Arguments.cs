namespace Rer.Engine.Data.Jinja.Runtime;

/// <summary>The arguments of a call, and what the call may use.</summary>
/// <param name="Budget">What the rendering may use.</param>
/// <param name="Positional">Those without a name.</param>
/// <param name="Named">Those with one.</param>
internal sealed record Arguments(RenderBudget Budget, IReadOnlyList<object?> Positional, IReadOnlyDictionary<string, object?> Named)
{
    private static readonly Dictionary<string, object?> _noNames = [];

    /// <summary>Arguments without names.</summary>
    public static Arguments Of(RenderBudget budget, params IReadOnlyList<object?> positional) => new(budget, positional, _noNames);

    /// <summary>These arguments without the first few.</summary>
    public Arguments Skip(int count) => this with { Positional = [.. Positional.Skip(count)] };

    /// <summary>Whether an argument was given at a place or by a name.</summary>
    public bool Has(int index, string name) => index < Positional.Count || Named.ContainsKey(name);

    /// <summary>The argument at a place or of a name; <paramref name="fallback"/> where it was not given.</summary>
    public object? Get(int index, string name, object? fallback = null) =>
        index < Positional.Count ? Positional[index] : Named.TryGetValue(name, out var value) ? value : fallback;

    /// <summary>The argument at a place or of a name.</summary>
    /// <exception cref="EvaluationException">It was not given.</exception>
    public object? Need(int index, string name) =>
        Has(index, name) ? Get(index, name) : throw new EvaluationException($"the argument '{name}' is missing.");

    /// <summary>A text at a place or of a name; null where it was not given or is none.</summary>
    public string? Text(int index, string name) => Get(index, name) switch
    {
        null => null,
        string text => text,
        var other => throw new EvaluationException($"the argument '{name}' is {Values.Kind(other)}; a text is needed."),
    };

    /// <summary>A text at a place or of a name.</summary>
    /// <exception cref="EvaluationException">It was not given, or is no text.</exception>
    public string NeedText(int index, string name) => Need(index, name) is string text ? text
        : throw new EvaluationException($"the argument '{name}' is {Values.Kind(Get(index, name))}; a text is needed.");

    /// <summary>A whole number at a place or of a name; null where it was not given or is none.</summary>
    public long? Integer(int index, string name) => Get(index, name) switch
    {
        null => null,
        long number => number,
        bool flag => flag ? 1 : 0,
        var other => throw new EvaluationException($"the argument '{name}' is {Values.Kind(other)}; a whole number is needed."),
    };

    /// <summary>A whole number at a place or of a name.</summary>
    /// <exception cref="EvaluationException">It was not given, or is no whole number.</exception>
    public long NeedInteger(int index, string name) =>
        Has(index, name) && Integer(index, name) is { } number ? number
            : throw new EvaluationException($"the argument '{name}' must be a whole number.");

    /// <summary>Whether an argument holds; <paramref name="fallback"/> where it was not given.</summary>
    public bool Flag(int index, string name, bool fallback = false) => Has(index, name) ? Values.IsTrue(Get(index, name)) : fallback;

    /// <summary>Checks that nothing is given beyond the parameters: too many arguments, or one of another name.</summary>
    /// <exception cref="EvaluationException">Something is.</exception>
    public void Fit(string function, IReadOnlyList<string> parameters)
    {
        var known = parameters.Count == 0 ? "none" : string.Join(", ", parameters);
        if (Positional.Count > parameters.Count)
            throw new EvaluationException($"'{function}' is given {Positional.Count} arguments; its parameters are: {known}.");
        foreach (var name in Named.Keys)
        {
            var index = parameters.ToList().IndexOf(name);
            if (index < 0) throw new EvaluationException($"'{function}' has no parameter '{name}'; its parameters are: {known}.");
            if (index < Positional.Count) throw new EvaluationException($"'{function}' is given its '{name}' twice.");
        }
    }
}
