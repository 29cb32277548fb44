using System.Collections;

namespace Rer.Engine.Data.Jinja;

/// <summary>Jinja's tests: `value is defined`.</summary>
internal static class ValueTests
{
    private static readonly Dictionary<string, Func<object?, Arguments, bool>> Known = new()
    {
        ["defined"] = (value, _) => value is not Undefined,
        ["undefined"] = (value, _) => value is Undefined,
        ["none"] = (value, _) => value is null,
        ["string"] = (value, _) => value is string,
        ["boolean"] = (value, _) => value is bool,
        ["true"] = (value, _) => value is true,
        ["false"] = (value, _) => value is false,
        ["integer"] = (value, _) => value is long,
        ["float"] = (value, _) => value is double,
        ["number"] = (value, _) => value is long or double or bool,
        ["mapping"] = (value, _) => value is IDictionary,
        ["iterable"] = (value, _) => value is string or ICollection,
        ["sequence"] = (value, _) => value is string or ICollection,
        ["callable"] = (value, _) => value is TemplateFunction,
        ["odd"] = (value, _) => Whole(value) % 2 != 0,
        ["even"] = (value, _) => Whole(value) % 2 == 0,
        ["divisibleby"] = (value, given) => Whole(value) % Whole(given.Need(0, "num")) == 0,
        ["upper"] = (value, _) => Values.Text(value) is var text && text.Any(char.IsUpper) && !text.Any(char.IsLower),
        ["lower"] = (value, _) => Values.Text(value) is var text && text.Any(char.IsLower) && !text.Any(char.IsUpper),
        ["in"] = (value, given) => Values.Contains(given.Need(0, "seq"), value),
        ["sameas"] = (value, given) => ReferenceEquals(value, given.Need(0, "other")) || (value is not ICollection && Values.Equal(value, given.Need(0, "other"))),
        ["equalto"] = (value, given) => Values.Equal(value, given.Need(0, "other")),
        ["ne"] = (value, given) => !Values.Equal(value, given.Need(0, "other")),
        ["lt"] = (value, given) => Values.Compare(value, given.Need(0, "other")) < 0,
        ["le"] = (value, given) => Values.Compare(value, given.Need(0, "other")) <= 0,
        ["gt"] = (value, given) => Values.Compare(value, given.Need(0, "other")) > 0,
        ["ge"] = (value, given) => Values.Compare(value, given.Need(0, "other")) >= 0,
    };

    private static readonly Dictionary<string, string> Aliases = new()
    {
        ["eq"] = "equalto", ["=="] = "equalto", ["!="] = "ne", ["<"] = "lt", ["lessthan"] = "lt", ["<="] = "le", [">"] = "gt", ["greaterthan"] = "gt", [">="] = "ge",
    };

    /// <summary>Whether a test of that name is known.</summary>
    public static bool Has(string name) => Known.ContainsKey(Aliases.GetValueOrDefault(name, name));

    /// <summary>The names known.</summary>
    public static string Names => string.Join(", ", Known.Keys);

    /// <summary>Whether a value passes a test.</summary>
    /// <exception cref="EvaluationException">There is no such test, or it does not take such a value.</exception>
    public static bool Holds(string name, object? value, Arguments arguments) =>
        Known.TryGetValue(Aliases.GetValueOrDefault(name, name), out var test)
            ? test(value, arguments)
            : throw new EvaluationException($"there is no test '{name}'. Known ones: {Names}.");

    private static long Whole(object? value) => value is long number ? number : throw new EvaluationException($"{Values.Kind(value)} is no whole number.");
}
