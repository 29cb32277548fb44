using Rer.Engine.Data.Jinja.Runtime;

namespace Rer.Engine.Data.Jinja.Builtins;

/// <summary>Filters that choose values, and those that apply a filter or a test to each element.</summary>
internal static class ChoiceFilters
{
    /// <summary>The filters by name.</summary>
    public static Dictionary<string, Builtin> All { get; } = new()
    {
        ["default"] = new("default_value boolean", (value, given) =>
            value is Undefined || given.Flag(1, "boolean") && !Values.IsTrue(value) ? given.Get(0, "default_value", "") : value),
        ["attr"] = new("name", (value, given) => value is Undefined undefined
            ? throw new EvaluationException($"'{undefined.Name}' is undefined.")
            : Members.OfAttribute(value, Printing.Text(given.Need(0, "name"), given.Budget))),
        ["map"] = new(null, Map),
        ["select"] = new(null, (value, given) => Select(value, given, byAttribute: false, keep: true)),
        ["reject"] = new(null, (value, given) => Select(value, given, byAttribute: false, keep: false)),
        ["selectattr"] = new(null, (value, given) => Select(value, given, byAttribute: true, keep: true)),
        ["rejectattr"] = new(null, (value, given) => Select(value, given, byAttribute: true, keep: false)),
    };

    private static Generator Map(object? value, Arguments given)
    {
        Func<object?, object?> mapped;
        if (given.Positional.Count == 0 && given.Named.ContainsKey("attribute"))
        {
            if (given.Named.Keys.FirstOrDefault(name => name is not ("attribute" or "default")) is { } other)
                throw new EvaluationException($"'map' has no parameter '{other}'.");
            mapped = item => Filters.Attribute(item, given.Named["attribute"], given.Get(0, "default"), given.Budget);
        }
        else
        {
            var name = given.NeedText(0, "filter");
            if (!Filters.Has(name)) throw new EvaluationException($"there is no filter '{name}'. Known ones: {Filters.Names}.");
            var rest = given.Skip(1);
            mapped = item => Filters.Apply(name, item, rest);
        }
        var items = Values.Items(Values.IsTrue(value) ? value : new Undefined("map"), given.Budget);
        given.Budget.Hold(items.Count);
        return new Generator(items.Select(mapped).ToList());
    }

    /// <summary>Elements that are true themselves or pass the test that the arguments name; or whose attribute does.</summary>
    private static Generator Select(object? value, Arguments given, bool byAttribute, bool keep)
    {
        var attribute = byAttribute ? given.Need(0, "attribute") : null;
        var rest = byAttribute ? given.Skip(1) : given;
        var test = rest.Positional.Count == 0 ? null : rest.NeedText(0, "test");
        if (test is not null && !ValueTests.Has(test))
            throw new EvaluationException($"there is no test '{test}'. Known ones: {ValueTests.Names}.");
        var arguments = rest.Skip(1);
        var kept = new List<object?>();
        foreach (var item in Values.Items(Values.IsTrue(value) ? value : new Undefined("select"), given.Budget))
        {
            given.Budget.Hold(1);
            var looked = Filters.Attribute(item, attribute, null, given.Budget);
            if ((test is null ? Values.IsTrue(looked) : ValueTests.Holds(test, looked, arguments)) == keep) kept.Add(item);
        }
        return new Generator(kept);
    }
}
