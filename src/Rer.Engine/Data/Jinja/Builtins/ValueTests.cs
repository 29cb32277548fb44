using Rer.Engine.Data.Jinja.Runtime;

namespace Rer.Engine.Data.Jinja.Builtins;

/// <summary>Jinja's tests: `value is defined`.</summary>
internal static class ValueTests
{
    private static readonly Dictionary<string, Builtin> _known = new()
    {
        ["defined"] = new("", (value, _) => value is not Undefined),
        ["undefined"] = new("", (value, _) => value is Undefined),
        ["none"] = new("", (value, _) => value is null),
        ["string"] = new("", (value, _) => value is string),
        ["boolean"] = new("", (value, _) => value is bool),
        ["true"] = new("", (value, _) => value is true),
        ["false"] = new("", (value, _) => value is false),
        ["integer"] = new("", (value, _) => value is long),
        ["float"] = new("", (value, _) => value is double),
        ["number"] = new("", (value, _) => value is long or double or bool),
        ["mapping"] = new("", (value, _) => value is Mapping),
        ["iterable"] = new("", (value, _) => value is string or IReadOnlyList<object?> or Mapping or MappingView or Generator or Undefined),
        ["sequence"] = new("", (value, _) => value is string or IReadOnlyList<object?> or Mapping or Undefined),
        ["callable"] = new("", (value, _) => value is TemplateFunction or ICallable or Undefined),
        ["escaped"] = new("", (_, _) => false),
        ["filter"] = new("", (value, _) => value is string name && Filters.Has(name)),
        ["test"] = new("", (value, _) => value is string name && Has(name)),
        ["odd"] = new("", (value, given) => Values.Equal(Operators.Compute("%", value, 2L, given.Budget), 1L, given.Budget)),
        ["even"] = new("", (value, given) => Values.Equal(Operators.Compute("%", value, 2L, given.Budget), 0L, given.Budget)),
        ["divisibleby"] = new("num", (value, given) =>
            Values.Equal(Operators.Compute("%", value, given.Need(0, "num"), given.Budget), 0L, given.Budget)),
        ["upper"] = new("", (value, given) => IsAll(value, given, "isupper")),
        ["lower"] = new("", (value, given) => IsAll(value, given, "islower")),
        ["in"] = new("seq", (value, given) => Values.Contains(given.Need(0, "seq"), value, given.Budget)),
        ["sameas"] = new("other", (value, given) => given.Need(0, "other") is var other
            && (ReferenceEquals(value, other) || value is string or bool or long or double && value.GetType() == other?.GetType()
                && value.Equals(other))),
        ["eq"] = new("b", (value, given) => Values.Equal(value, given.Need(0, "b"), given.Budget)),
        ["ne"] = new("b", (value, given) => !Values.Equal(value, given.Need(0, "b"), given.Budget)),
        ["lt"] = new("b", (value, given) => Values.Compare(value, given.Need(0, "b"), given.Budget) < 0),
        ["le"] = new("b", (value, given) => Values.Compare(value, given.Need(0, "b"), given.Budget) <= 0),
        ["gt"] = new("b", (value, given) => Values.Compare(value, given.Need(0, "b"), given.Budget) > 0),
        ["ge"] = new("b", (value, given) => Values.Compare(value, given.Need(0, "b"), given.Budget) >= 0),
    };

    private static readonly Dictionary<string, string> _aliases = new()
    {
        ["equalto"] = "eq",
        ["=="] = "eq",
        ["!="] = "ne",
        ["<"] = "lt",
        ["lessthan"] = "lt",
        ["<="] = "le",
        [">"] = "gt",
        ["greaterthan"] = "gt",
        [">="] = "ge",
    };

    /// <summary>Whether a test of that name is known.</summary>
    public static bool Has(string name) => _known.ContainsKey(_aliases.GetValueOrDefault(name, name));

    /// <summary>The names known.</summary>
    public static string Names => string.Join(", ", _known.Keys);

    /// <summary>Whether a value passes a test.</summary>
    /// <exception cref="EvaluationException">There is no such test, or it does not take such a value.</exception>
    public static bool Holds(string name, object? value, Arguments given) =>
        _known.TryGetValue(_aliases.GetValueOrDefault(name, name), out var test)
            ? (bool)test.Apply(name, value, given)!
            : throw new EvaluationException($"there is no test '{name}'. Known ones: {Names}.");

    private static object? IsAll(object? value, Arguments given, string method) =>
        TextMethods.Known[method].Apply(method, Printing.Text(value, given.Budget), given);
}
