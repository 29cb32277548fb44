namespace Rer.Engine.Data.Jinja;

/// <summary>The arguments of a call.</summary>
/// <param name="Positional">Those without a name.</param>
/// <param name="Named">Those with one.</param>
internal sealed record Arguments(IReadOnlyList<object?> Positional, IReadOnlyDictionary<string, object?> Named)
{
    /// <summary>No arguments.</summary>
    public static Arguments None { get; } = new([], new Dictionary<string, object?>());

    /// <summary>The argument at a place or of a name; <paramref name="fallback"/> where it was not given.</summary>
    public object? Get(int index, string name, object? fallback = null) =>
        index < Positional.Count ? Positional[index] : Named.TryGetValue(name, out var value) ? value : fallback;

    /// <summary>The argument at a place or of a name.</summary>
    /// <exception cref="EvaluationException">It was not given.</exception>
    public object? Need(int index, string name) =>
        index < Positional.Count || Named.ContainsKey(name) ? Get(index, name) : throw new EvaluationException($"the argument '{name}' is missing.");

    /// <summary>A text at a place or of a name; null where it was not given or is none.</summary>
    public string? Text(int index, string name) => Get(index, name) switch
    {
        null => null,
        string text => text,
        var other => throw new EvaluationException($"the argument '{name}' is {Values.Kind(other)}; a text is needed."),
    };

    /// <summary>A whole number at a place or of a name; null where it was not given or is none.</summary>
    public long? Integer(int index, string name) => Get(index, name) switch
    {
        null => null,
        long number => number,
        bool flag => flag ? 1 : 0,
        var other => throw new EvaluationException($"the argument '{name}' is {Values.Kind(other)}; a whole number is needed."),
    };
}
