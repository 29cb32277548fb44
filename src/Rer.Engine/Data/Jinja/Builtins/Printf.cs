using System.Globalization;
using System.Text;
using Rer.Engine.Data.Jinja.Runtime;

namespace Rer.Engine.Data.Jinja.Builtins;

/// <summary>Python's `'%s and %.2f' % (a, b)`, which the filter `format` is too.</summary>
internal static class Printf
{
    /// <summary>The format with its values put in.</summary>
    /// <param name="format">The text.</param>
    /// <param name="value">A tuple of values, a mapping for `%(name)s`, or the one value.</param>
    /// <param name="budget">What the rendering may use.</param>
    /// <exception cref="EvaluationException">A directive is broken, or there are not as many values as directives.</exception>
    public static string Format(string format, object? value, RenderBudget budget)
    {
        var values = value as TupleValue ?? new TupleValue([value]);
        var text = new StringBuilder();
        var (next, at) = (0, 0);
        while (at < format.Length)
        {
            var sign = format.IndexOf('%', at);
            var end = sign < 0 ? format.Length : sign;
            budget.Write(end - at);
            text.Append(format, at, end - at);
            at = end;
            if (sign >= 0) text.Append(Directive());
        }
        if (next < values.Count && value is not (Mapping or List<object?> or RangeValue or Undefined))
            throw new EvaluationException("the format asks for fewer values than it is given.");
        return text.ToString();

        string Directive()
        {
            at++;
            object? named = null;
            var isNamed = false;
            if (Peek() == '(')
            {
                var close = format.IndexOf(')', at);
                if (close < 0) throw new EvaluationException("the format has a '%(' without its ')'.");
                var map = value as Mapping ?? throw new EvaluationException("the format names its values, so it needs a mapping.");
                if (!map.TryGet(format[(at + 1)..close], budget, out named))
                    throw new EvaluationException($"the mapping has no '{format[(at + 1)..close]}'.");
                isNamed = true;
                at = close + 1;
            }
            var spec = new FormatSpec { Align = '>' };
            for (; Peek() is '-' or '+' or ' ' or '#' or '0'; at++)
            {
                spec = format[at] switch
                {
                    '-' => spec with { Align = '<' },
                    '+' => spec with { Sign = '+' },
                    ' ' => spec.Sign == '+' ? spec : spec with { Sign = ' ' },
                    '#' => spec with { Alternate = true },
                    _ => spec with { Fill = "0" },
                };
            }
            var width = Count() ?? 0;
            spec = width < 0 ? spec with { Align = '<', Width = -width } : spec with { Width = width };
            if (Peek() == '.')
            {
                at++;
                spec = spec with { Precision = Math.Max(0, Count() ?? 0) };
            }
            if (Peek() is 'h' or 'l' or 'L') at++;
            if (at >= format.Length) throw new EvaluationException("the format ends within a '%'.");
            var type = format[at++];
            return type == '%' ? "%" : Convert(isNamed ? named : Next(), spec with { Type = type }, budget);
        }

        char Peek() => at < format.Length ? format[at] : '\0';

        object? Next() => next < values.Count ? values[next++]
            : throw new EvaluationException("the format asks for more values than there are.");

        int? Count()
        {
            if (Peek() == '*')
            {
                at++;
                return Next() is long number and > int.MinValue and <= int.MaxValue ? (int)number
                    : throw new EvaluationException("'*' in a format needs a whole number.");
            }
            var begin = at;
            while (char.IsAsciiDigit(Peek())) at++;
            if (at == begin) return null;
            return int.TryParse(format.AsSpan(begin, at - begin), CultureInfo.InvariantCulture, out var count) ? count
                : throw new EvaluationException("a width in the format is too large.");
        }
    }

    private static string Convert(object? value, FormatSpec spec, RenderBudget budget)
    {
        switch (spec.Type)
        {
            case 's' or 'r' or 'a':
                var text = spec.Type == 's' ? Printing.Text(value, budget) : Printing.Literal(value, budget);
                if (spec.Precision is { } most) text = TextIndex.Slice(text, 0, Math.Min(most, TextIndex.Length(text)), 1);
                return (spec with { Fill = " " }).Pad("", text, spec.Align, budget);
            case 'c' when value is string { Length: > 0 } one && TextIndex.Length(one) == 1:
                return (spec with { Fill = " " }).Pad("", one, spec.Align, budget);
            case 'c' when value is long code and >= 0 and < 0x110000 and not (>= 0xD800 and < 0xE000):
                return (spec with { Fill = " " }).Pad("", char.ConvertFromUtf32((int)code), spec.Align, budget);
            case 'd' or 'i' or 'u':
                var isWhole = value is double number && double.IsFinite(number) && Math.Abs(number) < 9.2e18;
                return Whole(isWhole ? (long)(double)value! : WholeOf(value, spec.Type), spec, budget);
            case 'x' or 'X' or 'o':
                return Whole(WholeOf(value, spec.Type), spec, budget);
            case 'e' or 'E' or 'f' or 'F' or 'g' or 'G':
                var real = Values.Number(value)
                    ?? throw new EvaluationException($"'%{spec.Type}' needs a number, not {Values.Kind(value)}.");
                var plain = (spec with { Width = 0, Fill = " ", Sign = '-', Align = '>' }).Apply(Math.Abs(real), budget);
                return Number(spec.SignOf(double.IsNegative(real) && !double.IsNaN(real)), plain, spec, budget);
            default:
                throw new EvaluationException($"'%{spec.Type}' is not known in a format, or does not take {Values.Kind(value)}.");
        }
    }

    private static long WholeOf(object? value, char type) =>
        Values.Whole(value) ?? throw new EvaluationException($"'%{type}' needs a whole number, not {Values.Kind(value)}.");

    private static string Whole(long number, FormatSpec spec, RenderBudget budget)
    {
        var magnitude = number == long.MinValue ? 1UL << 63 : (ulong)Math.Abs(number);
        var (prefix, digits) = spec.Type switch
        {
            'x' => ("0x", magnitude.ToString("x", CultureInfo.InvariantCulture)),
            'X' => ("0X", magnitude.ToString("X", CultureInfo.InvariantCulture)),
            'o' => ("0o", FormatSpec.Octal(magnitude)),
            _ => ("", magnitude.ToString(CultureInfo.InvariantCulture)),
        };
        if (spec.Precision is { } least)
        {
            budget.Write(least);
            digits = digits.PadLeft(least, '0');
        }
        return Number(spec.SignOf(number < 0) + (spec.Alternate ? prefix : ""), digits, spec, budget);
    }

    /// <summary>Zeros fill behind the sign, blanks before it.</summary>
    private static string Number(string sign, string digits, FormatSpec spec, RenderBudget budget) => spec.Fill == "0" && spec.Align == '>'
        ? spec.Pad(sign, digits, '=', budget)
        : (spec with { Fill = " " }).Pad("", sign + digits, spec.Align, budget);
}
