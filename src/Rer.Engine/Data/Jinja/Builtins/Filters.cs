using Rer.Engine.Data.Jinja.Runtime;

namespace Rer.Engine.Data.Jinja.Builtins;

/// <summary>Jinja's filters: `value | trim`. `tojson` is transformers', which escapes nothing for HTML.</summary>
internal static class Filters
{
    private static readonly Dictionary<string, Builtin> _known = TextFilters.All
        .Concat(NumberFilters.All).Concat(ItemFilters.All).Concat(ChoiceFilters.All)
        .ToDictionary(filter => filter.Key, filter => filter.Value);

    private static readonly Dictionary<string, string> _aliases = new() { ["count"] = "length", ["d"] = "default", ["e"] = "escape" };

    /// <summary>Whether a filter of that name is known.</summary>
    public static bool Has(string name) => _known.ContainsKey(_aliases.GetValueOrDefault(name, name));

    /// <summary>The names known.</summary>
    public static string Names => string.Join(", ", _known.Keys);

    /// <summary>The filtered value.</summary>
    /// <exception cref="EvaluationException">There is no such filter, or it does not take such a value.</exception>
    public static object? Apply(string name, object? value, Arguments given) =>
        _known.TryGetValue(_aliases.GetValueOrDefault(name, name), out var filter)
            ? filter.Apply(name, value, given)
            : throw new EvaluationException($"there is no filter '{name}'. Known ones: {Names}.");

    /// <summary>`a.b.0`: elements within elements. A fallback takes the place of what is undefined on the way.</summary>
    public static object? Attribute(object? item, object? path, object? fallback, RenderBudget budget)
    {
        if (path is not string names) return path is null ? item : Values.Element(item, path, budget);
        foreach (var name in names.Split('.'))
        {
            object key = name.Length > 0 && name.All(char.IsAsciiDigit) && long.TryParse(name, out var index) ? index : name;
            item = Values.Element(item, key, budget);
            if (item is Undefined && fallback is not null) item = fallback;
        }
        return item;
    }

    /// <summary>A text in lower case, where case is to make no difference; any other value as it is.</summary>
    public static object? IgnoreCase(object? value, bool caseSensitive, RenderBudget budget)
    {
        if (caseSensitive || value is not string text) return value;
        budget.Read(text.Length);
        return TextCase.Lower(text);
    }

    /// <summary>What an element is compared by: itself or its attribute, where case is to make no difference in lower case.</summary>
    public static object? Key(object? item, object? attribute, bool caseSensitive, RenderBudget budget) =>
        IgnoreCase(Attribute(item, attribute, null, budget), caseSensitive, budget);

    /// <summary>The values in order, equals in the order in which they came.</summary>
    /// <exception cref="EvaluationException">Two of the keys cannot be ordered.</exception>
    public static List<T> Sorted<T>(IEnumerable<T> items, Func<T, object?> key, bool reverse, RenderBudget budget)
    {
        var order = Comparer<object?>.Create((a, b) => Values.Compare(a, b, budget) ?? 0);
        try
        {
            return [.. reverse ? items.OrderByDescending(key, order) : items.OrderBy(key, order)];
        }
        catch (InvalidOperationException error) when (error.InnerException is EvaluationException cause)
        {
            throw new EvaluationException(cause.Message);
        }
    }
}
