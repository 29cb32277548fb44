using System.Globalization;
using System.Text;

namespace Rer.Engine.Data.Jinja.Runtime;

/// <summary>JSON in the layout of Python's `json.dumps`, as transformers' `tojson` writes it.</summary>
/// <param name="budget">What the rendering may use.</param>
/// <param name="indent">What a level is indented by, each element on a line of its own; null puts all on one line.</param>
/// <param name="separators">Between elements and behind keys; null is `, ` (`,` before a line break) and `: `.</param>
/// <param name="ensureAscii">Write all other characters as escapes.</param>
/// <param name="sortKeys">Order the keys of mappings.</param>
internal sealed class PythonJson(
    RenderBudget budget, string? indent, (string Item, string Key)? separators, bool ensureAscii, bool sortKeys)
{
    private readonly StringBuilder _json = new();
    private readonly (string Item, string Key) _separators = separators ?? (indent is null ? ", " : ",", ": ");

    /// <summary>A value as JSON.</summary>
    /// <exception cref="EvaluationException">JSON has no form for it, or it is nested too deep.</exception>
    public string Write(object? value)
    {
        Append(value, 0);
        return _json.ToString();
    }

    private void Append(object? value, int depth)
    {
        RenderBudget.CheckDepth(depth);
        budget.Step();
        switch (value)
        {
            case string text: Quote(text); break;
            case Mapping map: AppendPairs(map, depth); break;
            case IReadOnlyList<object?> list and not RangeValue: AppendAll('[', ']', list, depth, item => Append(item, depth + 1)); break;
            default: Add(Plain(value) ?? throw new EvaluationException($"{Values.Kind(value)} cannot be written as JSON.")); break;
        }
    }

    private void AppendPairs(Mapping map, int depth)
    {
        var keys = map.Keys;
        if (sortKeys) keys = Builtins.Filters.Sorted(keys, key => key, false, budget);
        AppendAll('{', '}', keys, depth, key =>
        {
            if (key is string text) Quote(text);
            else Add($"\"{Plain(key) ?? throw new EvaluationException($"{Values.Kind(key)} cannot be a key of JSON.")}\"");
            Add(_separators.Key);
            map.TryGet(key, budget, out var value);
            Append(value, depth + 1);
        });
    }

    private static string? Plain(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        long number => number.ToString(CultureInfo.InvariantCulture),
        double number when double.IsFinite(number) => PythonNumber.Literal(number),
        double number => double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity",
        _ => null,
    };

    private void AppendAll(char open, char close, IReadOnlyList<object?> elements, int depth, Action<object?> append)
    {
        _json.Append(open);
        for (var i = 0; i < elements.Count; i++)
        {
            if (i > 0) Add(_separators.Item);
            BreakLine(depth + 1);
            append(elements[i]);
        }
        if (elements.Count > 0) BreakLine(depth);
        _json.Append(close);
    }

    private void BreakLine(int depth)
    {
        if (indent is null) return;
        Add("\n");
        for (var i = 0; i < depth; i++) Add(indent);
    }

    private void Add(string text)
    {
        budget.Write(text.Length);
        _json.Append(text);
    }

    private void Quote(string text)
    {
        budget.Write(text.Length + 2);
        _json.Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => _json.Append("\\\""),
                '\\' => _json.Append("\\\\"),
                '\n' => _json.Append("\\n"),
                '\r' => _json.Append("\\r"),
                '\t' => _json.Append("\\t"),
                '\b' => _json.Append("\\b"),
                '\f' => _json.Append("\\f"),
                < ' ' => _json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                > '~' when ensureAscii => _json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => _json.Append(c),
            };
        }
        _json.Append('"');
    }
}
