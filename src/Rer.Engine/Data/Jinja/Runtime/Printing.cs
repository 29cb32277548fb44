using System.Globalization;
using System.Text;
using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Data.Jinja.Runtime;

/// <summary>Values as Python prints them.</summary>
internal static class Printing
{
    /// <summary>A value as text: Python's `str`, undefined as nothing.</summary>
    /// <exception cref="EvaluationException">It is nested too deep, or too large for what is left of the budget.</exception>
    public static string Text(object? value, RenderBudget budget) => value switch
    {
        string text => text,
        Undefined => "",
        _ => Literal(value, budget),
    };

    /// <summary>A value as it is written in code: Python's `repr`.</summary>
    /// <exception cref="EvaluationException">It is nested too deep, or too large for what is left of the budget.</exception>
    public static string Literal(object? value, RenderBudget budget) => value switch
    {
        null => "None",
        bool flag => flag ? "True" : "False",
        long number => number.ToString(CultureInfo.InvariantCulture),
        double number => PythonNumber.Literal(number),
        _ => new Writer(budget).Write(value),
    };

    private sealed class Writer(RenderBudget budget)
    {
        private readonly StringBuilder _text = new();

        public string Write(object? value)
        {
            Append(value, 0);
            return _text.ToString();
        }

        private void Append(object? value, int depth)
        {
            RenderBudget.CheckDepth(depth);
            budget.Step();
            switch (value)
            {
                case string text: Quote(text); break;
                case Undefined: Add("Undefined"); break;
                case Mapping map: AppendPairs(map, depth); break;
                case RangeValue range: Add(range.ToString()); break;
                case NamespaceValue space: AppendPairs(space.ToMapping(budget), depth, "<Namespace {", "}>"); break;
                case TupleValue { Count: 1 } tuple: AppendItems("(", tuple, ",)", depth); break;
                case TupleValue tuple: AppendItems("(", tuple, ")", depth); break;
                case MappingView view: AppendItems(view.Kind + "([", view.Items, "])", depth); break;
                case IReadOnlyList<object?> list: AppendItems("[", list, "]", depth); break;
                case Generator: Add("<generator object>"); break;
                case null or bool or long or double: Add(Literal(value, budget)); break;
                default: Add($"<{Values.Kind(value)}>"); break;
            }
        }

        private void AppendItems(string open, IReadOnlyList<object?> items, string close, int depth)
        {
            Add(open);
            for (var i = 0; i < items.Count; i++)
            {
                if (i > 0) Add(", ");
                Append(items[i], depth + 1);
            }
            Add(close);
        }

        private void AppendPairs(Mapping map, int depth, string open = "{", string close = "}")
        {
            Add(open);
            for (var i = 0; i < map.Count; i++)
            {
                if (i > 0) Add(", ");
                Append(map.Keys[i], depth + 1);
                Add(": ");
                Append(map.Values[i], depth + 1);
            }
            Add(close);
        }

        private void Add(string text)
        {
            budget.Write(text.Length);
            _text.Append(text);
        }

        private void Quote(string text)
        {
            budget.Write(text.Length + 2);
            var quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
            _text.Append(quote);
            for (var at = 0; at < text.Length;)
            {
                var c = CodePoint.At(text, at, out var length);
                _ = c switch
                {
                    '\\' => _text.Append("\\\\"),
                    '\n' => _text.Append("\\n"),
                    '\r' => _text.Append("\\r"),
                    '\t' => _text.Append("\\t"),
                    _ when c == quote => _text.Append('\\').Append(quote),
                    _ when IsPrintable(c) => _text.Append(text, at, length),
                    < 0x100 => _text.Append(CultureInfo.InvariantCulture, $"\\x{c:x2}"),
                    < 0x10000 => _text.Append(CultureInfo.InvariantCulture, $"\\u{c:x4}"),
                    _ => _text.Append(CultureInfo.InvariantCulture, $"\\U{c:x8}"),
                };
                at += length;
            }
            _text.Append(quote);
        }

        private static bool IsPrintable(int c) => c == ' ' || CharUnicodeInfo.GetUnicodeCategory(c) is not (
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.SpaceSeparator);
    }
}
