using System.Collections;
using System.Globalization;

namespace Rer.Engine.Data.Jinja;

/// <summary>Jinja's filters: `value | trim`. `tojson` is transformers', which escapes nothing for HTML.</summary>
internal static class Filters
{
    private static readonly Dictionary<string, Func<object?, Arguments, object?>> Known = new()
    {
        ["trim"] = (value, given) => Members.Strip(Values.Text(value), given.Text(0, "chars"), true, true),
        ["upper"] = (value, _) => Values.Text(value).ToUpperInvariant(),
        ["lower"] = (value, _) => Values.Text(value).ToLowerInvariant(),
        ["capitalize"] = (value, _) => Members.Capitalize(Values.Text(value)),
        ["title"] = (value, _) => Members.Title(Values.Text(value)),
        ["replace"] = (value, given) => Members.Replace(Values.Text(value), Values.Text(given.Need(0, "old")), Values.Text(given.Need(1, "new")), given.Integer(2, "count") ?? -1),
        ["indent"] = Indent,
        ["string"] = (value, _) => Values.Text(value),
        ["safe"] = (value, _) => value,
        ["escape"] = (value, _) => Values.Text(value).Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("'", "&#39;").Replace("\"", "&#34;"),
        ["format"] = (value, given) => Printf(Values.Text(value), given.Positional),
        ["wordcount"] = (value, _) => (long)Values.Text(value).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length,
        ["length"] = (value, _) => Values.Length(value),
        ["tojson"] = ToJson,
        ["default"] = (value, given) =>
            value is Undefined || (Values.IsTrue(given.Get(1, "boolean", false)) && !Values.IsTrue(value)) ? given.Get(0, "default_value", "") : value,
        ["int"] = (value, given) => ToInteger(value) ?? given.Get(0, "default", 0L),
        ["float"] = (value, given) => Values.Number(value)
            ?? (value is string text && double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : given.Get(0, "default", 0.0)),
        ["abs"] = (value, _) => value is long whole ? (object)Math.Abs(whole) : Math.Abs(Number(value)),
        ["round"] = (value, given) => Math.Round(Number(value), (int)(given.Integer(0, "precision") ?? 0), MidpointRounding.ToEven),
        ["list"] = (value, _) => Items(value),
        ["first"] = (value, _) => Items(value) is [var first, ..] ? first : new Undefined("first"),
        ["last"] = (value, _) => Items(value) is [.., var last] ? last : new Undefined("last"),
        ["reverse"] = (value, _) => Items(value) is var items && value is string ? string.Concat(items.AsEnumerable().Reverse()) : items.AsEnumerable().Reverse().ToList(),
        ["join"] = (value, given) => string.Join(
            given.Text(0, "d") ?? "", (given.Text(1, "attribute") is { } attribute ? Items(value).Select(item => Attribute(item, attribute)) : Items(value)).Select(Values.Text)),
        ["sum"] = (value, _) => Items(value).Aggregate((object)0L, (sum, item) => sum is long a && item is long b ? (object)(a + b) : Number(sum) + Number(item)),
        ["min"] = (value, _) => Items(value) is { Count: > 0 } items ? items.Aggregate((a, b) => Values.Compare(b, a) < 0 ? b : a) : new Undefined("min"),
        ["max"] = (value, _) => Items(value) is { Count: > 0 } items ? items.Aggregate((a, b) => Values.Compare(b, a) > 0 ? b : a) : new Undefined("max"),
        ["sort"] = Sort,
        ["unique"] = (value, _) => Items(value).Aggregate(new List<object?>(), (seen, item) => seen.Any(other => Values.Equal(other, item)) ? seen : [.. seen, item]),
        ["items"] = (value, _) => value is Undefined ? new List<object?>() : Pairs(value),
        ["dictsort"] = (value, _) => Pairs(value).OrderBy(pair => Values.Text(((IList)pair!)[0]), StringComparer.OrdinalIgnoreCase).ToList(),
        ["map"] = Map,
        ["select"] = (value, given) => Items(value).Where(item => Passes(item, given, 0)).ToList(),
        ["reject"] = (value, given) => Items(value).Where(item => !Passes(item, given, 0)).ToList(),
        ["selectattr"] = (value, given) => Items(value).Where(item => Passes(Attribute(item, Values.Text(given.Need(0, "attribute"))), given, 1)).ToList(),
        ["rejectattr"] = (value, given) => Items(value).Where(item => !Passes(Attribute(item, Values.Text(given.Need(0, "attribute"))), given, 1)).ToList(),
        ["groupby"] = (value, given) => Items(value).GroupBy(item => Attribute(item, Values.Text(given.Need(0, "attribute"))))
            .OrderBy(group => group.Key, Comparer<object?>.Create(Values.Compare)).Select(group => (object?)new List<object?> { group.Key, group.ToList() }).ToList(),
        ["attr"] = (value, given) => Members.Get(value, Values.Text(given.Need(0, "name"))),
    };

    private static readonly Dictionary<string, string> Aliases = new() { ["count"] = "length", ["d"] = "default", ["e"] = "escape" };

    /// <summary>Whether a filter of that name is known.</summary>
    public static bool Has(string name) => Known.ContainsKey(Aliases.GetValueOrDefault(name, name));

    /// <summary>The names known.</summary>
    public static string Names => string.Join(", ", Known.Keys);

    /// <summary>The filtered value.</summary>
    /// <exception cref="EvaluationException">There is no such filter, or it does not take such a value.</exception>
    public static object? Apply(string name, object? value, Arguments arguments) =>
        Known.TryGetValue(Aliases.GetValueOrDefault(name, name), out var filter)
            ? filter(value, arguments)
            : throw new EvaluationException($"there is no filter '{name}'. Known ones: {Names}.");

    /// <summary>What a filter over elements goes through; nothing where the value is undefined, as in Jinja.</summary>
    private static List<object?> Items(object? value) => value is Undefined ? [] : Values.Items(value);

    private static List<object?> Pairs(object? value) => value is IDictionary map
        ? [.. map.Keys.Cast<object>().Select(key => (object?)new List<object?> { key, map[key] })]
        : throw new EvaluationException($"{Values.Kind(value)} is no mapping.");

    /// <summary>`a.b.0`: elements within elements.</summary>
    private static object? Attribute(object? item, string path)
    {
        foreach (var name in path.Split('.'))
            item = Values.Element(item, long.TryParse(name, CultureInfo.InvariantCulture, out var index) && item is IList ? index : name);
        return item;
    }

    /// <summary>Whether an element is selected: true, or by the test that the arguments name from <paramref name="first"/> on.</summary>
    private static bool Passes(object? item, Arguments given, int first) => given.Positional.Count <= first
        ? Values.IsTrue(item)
        : ValueTests.Holds(Values.Text(given.Positional[first]), item, new Arguments([.. given.Positional.Skip(first + 1)], given.Named));

    private static List<object?> Map(object? value, Arguments given)
    {
        if (given.Text(int.MaxValue, "attribute") is { } attribute)
        {
            return [.. Items(value).Select(item => Attribute(item, attribute) is var found && found is Undefined ? given.Get(int.MaxValue, "default", found) : found)];
        }
        var rest = new Arguments([.. given.Positional.Skip(1)], given.Named);
        return [.. Items(value).Select(item => Apply(Values.Text(given.Need(0, "filter")), item, rest))];
    }

    private static List<object?> Sort(object? value, Arguments given)
    {
        object? Key(object? item)
        {
            var key = given.Text(2, "attribute") is { } attribute ? Attribute(item, attribute) : item;
            return key is string text && !Values.IsTrue(given.Get(1, "case_sensitive", false)) ? text.ToLowerInvariant() : key;
        }
        var order = Comparer<object?>.Create(Values.Compare);
        return [.. Values.IsTrue(given.Get(0, "reverse", false)) ? Items(value).OrderByDescending(Key, order) : Items(value).OrderBy(Key, order)];
    }

    private static string Indent(object? value, Arguments given)
    {
        var by = given.Get(0, "width", 4L) is string text ? text : new string(' ', (int)(given.Integer(0, "width") ?? 4));
        var lines = Values.Text(value).Split('\n');
        var blanks = Values.IsTrue(given.Get(2, "blank", false));
        return string.Join('\n', lines.Select((line, i) => (i == 0 ? Values.IsTrue(given.Get(1, "first", false)) : blanks || line.Length > 0) ? by + line : line));
    }

    private static string ToJson(object? value, Arguments given)
    {
        var separators = given.Get(int.MaxValue, "separators") as IList;
        return PythonJson.Write(
            value, (int?)given.Integer(0, "indent"), Values.IsTrue(given.Get(int.MaxValue, "sort_keys", false)),
            separators is { Count: 2 } ? (Values.Text(separators[0]), Values.Text(separators[1])) : null);
    }

    private static object? ToInteger(object? value) => value switch
    {
        long whole => whole,
        bool flag => flag ? 1L : 0L,
        double number => (long)number,
        string text when long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
        string text when double.TryParse(text, CultureInfo.InvariantCulture, out var number) => (long)number,
        _ => null,
    };

    private static double Number(object? value) => Values.Number(value) ?? throw new EvaluationException($"{Values.Kind(value)} is no number.");

    /// <summary>`'%s and %d' | format(a, b)`.</summary>
    private static string Printf(string text, IReadOnlyList<object?> arguments)
    {
        var parts = text.Replace("%%", "\0").Split('%');
        var formatted = parts[0];
        for (var i = 1; i < parts.Length; i++)
        {
            if (parts[i].Length == 0 || parts[i][0] is not ('s' or 'd')) throw new EvaluationException("only %s and %d are known in a format.");
            if (i > arguments.Count) throw new EvaluationException("the format asks for more values than there are.");
            formatted += Values.Text(arguments[i - 1]) + parts[i][1..];
        }
        return formatted.Replace('\0', '%');
    }
}
