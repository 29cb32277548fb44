using System.Collections;
using System.Globalization;
using System.Text;

namespace Rer.Engine.Data.Jinja;

/// <summary>JSON in the layout of Python's `json.dumps` with `ensure_ascii=False`, as transformers' `tojson` writes it.</summary>
internal static class PythonJson
{
    /// <summary>A value as JSON.</summary>
    /// <param name="value">The value.</param>
    /// <param name="indent">Blanks a level, each element on a line of its own; null puts all on one line.</param>
    /// <param name="sortKeys">Order the keys of mappings.</param>
    /// <param name="separators">Between elements and behind keys; null is `, ` (`,` before a line break) and `: `.</param>
    public static string Write(object? value, int? indent = null, bool sortKeys = false, (string Item, string Key)? separators = null)
    {
        var json = new StringBuilder();
        var (item, key) = separators ?? (indent is null ? ", " : ",", ": ");
        Write(value, 0);
        return json.ToString();

        void Write(object? value, int depth)
        {
            switch (value)
            {
                case null: json.Append("null"); break;
                case bool flag: json.Append(flag ? "true" : "false"); break;
                case long number: json.Append(number); break;
                case double number: json.Append(double.IsFinite(number) ? Values.Literal(number) : double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity"); break;
                case string text: Quote(text); break;
                case IDictionary map:
                    var keys = map.Keys.Cast<object>();
                    if (sortKeys) keys = keys.OrderBy(Values.Text, StringComparer.Ordinal);
                    Elements('{', '}', [.. keys], depth, name =>
                    {
                        Quote(Values.Text(name));
                        json.Append(key);
                        Write(map[name!], depth + 1);
                    });
                    break;
                case IList list: Elements('[', ']', [.. list.Cast<object?>()], depth, element => Write(element, depth + 1)); break;
                default: throw new EvaluationException($"{Values.Kind(value)} cannot be written as JSON.");
            }
        }

        void Elements(char open, char close, List<object?> elements, int depth, Action<object?> write)
        {
            json.Append(open);
            for (var i = 0; i < elements.Count; i++)
            {
                if (i > 0) json.Append(item);
                Line(depth + 1);
                write(elements[i]);
            }
            if (elements.Count > 0) Line(depth);
            json.Append(close);
        }

        void Line(int depth)
        {
            if (indent is { } width) json.Append('\n').Append(' ', width * depth);
        }

        void Quote(string text)
        {
            json.Append('"');
            foreach (var c in text)
            {
                _ = c switch
                {
                    '"' => json.Append("\\\""),
                    '\\' => json.Append("\\\\"),
                    '\n' => json.Append("\\n"),
                    '\r' => json.Append("\\r"),
                    '\t' => json.Append("\\t"),
                    '\b' => json.Append("\\b"),
                    '\f' => json.Append("\\f"),
                    < ' ' => json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                    _ => json.Append(c),
                };
            }
            json.Append('"');
        }
    }
}
