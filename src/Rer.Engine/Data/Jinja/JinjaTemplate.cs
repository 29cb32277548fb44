using System.Globalization;
using System.Text.Json;

namespace Rer.Engine.Data.Jinja;

/// <summary>
/// A Jinja template as transformers reads chat templates: `trim_blocks`, `lstrip_blocks`, loop controls, `raise_exception`,
/// `strftime_now`, a `tojson` that escapes nothing. What published chat templates use is here: if, for, set, macro, filter,
/// namespace, Jinja's filters and tests, Python's methods of texts and mappings. Inheritance, imports and recursive loops are not.
/// </summary>
/// <remarks>A template computes and writes text; it reaches neither files nor the network nor anything of the program.</remarks>
public sealed class JinjaTemplate
{
    private readonly Sequence _body;
    private readonly string _name;

    private JinjaTemplate(Sequence body, string name) => (_body, _name) = (body, name);

    /// <summary>Reads a template.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="TemplateException">It is no template; the message has the line and the column.</exception>
    public static JinjaTemplate Parse(string text, string name = "template") => new(TemplateParser.Parse(text, name), name);

    /// <summary>Renders the template.</summary>
    /// <param name="values">
    /// What it may name: texts, booleans, whole numbers (int or long), doubles, null, lists, dictionaries with text keys, and
    /// <see cref="JsonElement"/>s.
    /// </param>
    /// <param name="time">Tells `strftime_now` the time; null is the system's clock.</param>
    /// <exception cref="TemplateException">It refuses what it was given, or looks into what is not there.</exception>
    public string Render(IReadOnlyDictionary<string, object?> values, TimeProvider? time = null)
    {
        var scope = new Scope(_name);
        scope.Set("range", (TemplateFunction)Range);
        scope.Set("namespace", (TemplateFunction)(given => new NamespaceValue(Merge(given))));
        scope.Set("dict", (TemplateFunction)Merge);
        scope.Set("raise_exception", (TemplateFunction)(given => throw new EvaluationException(Values.Text(given.Need(0, "message")))));
        scope.Set("strftime_now", (TemplateFunction)(given => Strftime.Format((time ?? TimeProvider.System).GetLocalNow(), given.Text(0, "format") ?? "")));
        foreach (var (name, value) in values) scope.Set(name, Import(value));
        return _body.Text(scope);
    }

    private static List<object?> Range(Arguments given)
    {
        var (start, stop) = given.Positional.Count == 1 ? (0, given.Integer(0, "stop")) : (given.Integer(0, "start") ?? 0, given.Integer(1, "stop"));
        var step = given.Integer(2, "step") ?? 1;
        if (step == 0 || stop is null) throw new EvaluationException("range needs a stop, and a step that is not 0.");
        var numbers = new List<object?>();
        for (var i = start; step > 0 ? i < stop : i > stop; i += step)
        {
            if (numbers.Count >= 100_000) throw new EvaluationException("range is limited to 100,000 numbers.");
            numbers.Add(i);
        }
        return numbers;
    }

    private static Dictionary<string, object?> Merge(Arguments given)
    {
        var merged = new Dictionary<string, object?>();
        foreach (var map in given.Positional.OfType<Dictionary<string, object?>>())
        {
            foreach (var (name, value) in map) merged[name] = value;
        }
        foreach (var (name, value) in given.Named) merged[name] = value;
        return merged;
    }

    /// <summary>A value of the program as a template's.</summary>
    private static object? Import(object? value) => value switch
    {
        null or string or bool or long or double => value,
        int number => (long)number,
        float number => (double)number,
        JsonElement json => Import(json),
        IReadOnlyDictionary<string, object?> map => map.ToDictionary(item => item.Key, item => Import(item.Value)),
        System.Collections.IEnumerable items => items.Cast<object?>().Select(Import).ToList(),
        _ => throw new ArgumentException($"A template cannot be given a {value.GetType()}."),
    };

    private static object? Import(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => json.TryGetInt64(out var whole) ? whole : json.GetDouble(),
        JsonValueKind.Array => json.EnumerateArray().Select(Import).ToList(),
        JsonValueKind.Object => json.EnumerateObject().ToDictionary(item => item.Name, item => Import(item.Value)),
        _ => null,
    };
}
