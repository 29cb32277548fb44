using System.Globalization;
using Rer.Engine.Data.Jinja.Runtime;

namespace Rer.Engine.Data.Jinja.Builtins;

/// <summary>
/// How a value is laid out: Python's format specification, `[[fill]align][sign][#][0][width][grouping][.precision][type]`.
/// </summary>
internal sealed record FormatSpec
{
    private const string Alignments = "<>=^";

    /// <summary>What fills up to the width.</summary>
    public string Fill { get; init; } = " ";

    /// <summary>
    /// Where the value stands in the width: `&lt;`, `&gt;`, `^`, or `=` with the fill behind the sign; '\0' is the kind's own.
    /// </summary>
    public char Align { get; init; }

    /// <summary>`+` and blank show a sign before numbers that are not negative.</summary>
    public char Sign { get; init; } = '-';

    /// <summary>`#`: the prefix of a base, `0x`.</summary>
    public bool Alternate { get; init; }

    /// <summary>The least number of characters.</summary>
    public int Width { get; init; }

    /// <summary>What stands between groups of three digits; '\0' is nothing.</summary>
    public char Grouping { get; init; }

    /// <summary>Digits behind the point, or the most characters of a text; null is the kind's own.</summary>
    public int? Precision { get; init; }

    /// <summary>The presentation: `d`, `x`, `f`, ...; '\0' is the kind's own.</summary>
    public char Type { get; init; }

    /// <summary>Reads a specification.</summary>
    /// <exception cref="EvaluationException">It is none.</exception>
    public static FormatSpec Parse(string text)
    {
        var spec = new FormatSpec();
        var at = 0;
        char At(int ahead = 0) => at + ahead < text.Length ? text[at + ahead] : '\0';
        var fill = text.Length == 0 ? "" : text[..TextIndex.UnitOf(text, 1)];
        var hasFill = fill.Length > 0 && At(fill.Length) != '\0' && Alignments.Contains(At(fill.Length));
        if (hasFill)
        {
            spec = spec with { Fill = fill, Align = At(fill.Length) };
            at += fill.Length + 1;
        }
        else if (At() != '\0' && Alignments.Contains(At())) spec = spec with { Align = text[at++] };
        if (At() is '+' or '-' or ' ') spec = spec with { Sign = text[at++] };
        if (At() == '#') (spec, at) = (spec with { Alternate = true }, at + 1);
        if (At() == '0')
        {
            // The zero fills behind the sign, unless the specification says otherwise.
            spec = spec with { Fill = hasFill ? spec.Fill : "0", Align = spec.Align == '\0' ? '=' : spec.Align };
            at++;
        }
        if (Digits() is { } width) spec = spec with { Width = width };
        if (At() is ',' or '_') spec = spec with { Grouping = text[at++] };
        if (At() == '.')
        {
            at++;
            spec = spec with { Precision = Digits() ?? throw Broken() };
        }
        if (At() != '\0') spec = spec with { Type = text[at++] };
        return at == text.Length ? spec : throw Broken();

        int? Digits()
        {
            var begin = at;
            while (char.IsAsciiDigit(At())) at++;
            if (at == begin) return null;
            return int.TryParse(text.AsSpan(begin, at - begin), CultureInfo.InvariantCulture, out var number) ? number : throw Broken();
        }

        EvaluationException Broken() => new($"'{text}' is no format of a value.");
    }

    /// <summary>A value laid out.</summary>
    /// <exception cref="EvaluationException">The specification does not go with the value, or the width is too large.</exception>
    public string Apply(object? value, RenderBudget budget)
    {
        if (value is string text) return ApplyToText(text, budget);
        if (this == new FormatSpec()) return Printing.Text(value, budget);
        return value switch
        {
            bool flag => ApplyToWhole(flag ? 1 : 0, budget),
            long number => ApplyToWhole(number, budget),
            double number => ApplyToFloat(number, budget),
            _ => throw new EvaluationException($"{Values.Kind(value)} takes no format of its own."),
        };
    }

    private string ApplyToText(string text, RenderBudget budget)
    {
        if (Type is not ('\0' or 's')) throw new EvaluationException($"the format '{Type}' is not one of texts.");
        if (Align == '=' && Fill != "0" || Sign != '-' || Alternate || Grouping != '\0')
            throw new EvaluationException("signs, '#', ',' and '=' are formats of numbers, not of texts.");
        if (Precision is { } most) text = TextIndex.Slice(text, 0, Math.Min(most, TextIndex.Length(text)), 1);
        return Pad("", text, Align is '\0' or '=' ? '<' : Align, budget);
    }

    private string ApplyToWhole(long number, RenderBudget budget)
    {
        if (Type is 'e' or 'E' or 'f' or 'F' or 'g' or 'G' or '%') return ApplyToFloat(number, budget);
        if (Precision is not null) throw new EvaluationException("a whole number is written without a precision.");
        var magnitude = number == long.MinValue ? 1UL << 63 : (ulong)Math.Abs(number);
        var (prefix, digits) = Type switch
        {
            '\0' or 'd' or 'n' => ("", magnitude.ToString(CultureInfo.InvariantCulture)),
            'x' => ("0x", magnitude.ToString("x", CultureInfo.InvariantCulture)),
            'X' => ("0X", magnitude.ToString("X", CultureInfo.InvariantCulture)),
            'b' => ("0b", magnitude.ToString("b", CultureInfo.InvariantCulture)),
            'o' => ("0o", Octal(magnitude)),
            'c' when number is >= 0 and < 0x110000 and not (>= 0xD800 and < 0xE000) => ("", char.ConvertFromUtf32((int)number)),
            _ => throw new EvaluationException($"the format '{Type}' is not one of whole numbers."),
        };
        return Pad(SignOf(number < 0) + (Alternate ? prefix : ""), Grouped(digits), Align == '\0' ? '>' : Align, budget);
    }

    private string ApplyToFloat(double number, RenderBudget budget)
    {
        if (Type is not ('\0' or 'e' or 'E' or 'f' or 'F' or 'g' or 'G' or 'n' or '%'))
            throw new EvaluationException($"the format '{Type}' is not one of floats.");
        var sign = SignOf(double.IsNegative(number) && !double.IsNaN(number));
        return Pad(sign, Grouped(Float(Math.Abs(number))), Align == '\0' ? '>' : Align, budget);
    }

    private string Float(double number) => Type switch
    {
        'f' or 'F' => PythonNumber.Fixed(number, Precision ?? 6),
        'e' or 'E' => PythonNumber.Exponential(number, Precision ?? 6, Type),
        'g' or 'n' => PythonNumber.General(number, Precision ?? 6, 'e', Alternate),
        'G' => PythonNumber.General(number, Precision ?? 6, 'E', Alternate),
        '%' => PythonNumber.Fixed(number * 100, Precision ?? 6) + "%",
        _ when Precision is { } precision => WithPoint(PythonNumber.General(number, precision, 'e', false)),
        _ => PythonNumber.Literal(number),
    };

    private static string WithPoint(string text) => text.All(char.IsAsciiDigit) ? text + ".0" : text;

    /// <summary>The digits before the point in groups.</summary>
    private string Grouped(string text)
    {
        if (Grouping == '\0') return text;
        var size = Type is 'x' or 'X' or 'b' or 'o' ? 4 : 3;
        var whole = 0;
        bool IsDigit(char c) => Type is 'x' or 'X' ? char.IsAsciiHexDigit(c) : char.IsAsciiDigit(c);
        while (whole < text.Length && IsDigit(text[whole])) whole++;
        for (var at = whole - size; at > 0; at -= size) text = text.Insert(at, Grouping.ToString());
        return text;
    }

    /// <summary>Fills up to the width.</summary>
    internal string Pad(string sign, string text, char align, RenderBudget budget)
    {
        var missing = Math.Max(0, Width - TextIndex.Length(text) - sign.Length);
        budget.Write(missing * Fill.Length + sign.Length + text.Length);
        if (missing == 0) return sign + text;
        string Fills(long count) => Fill.Length == 1 ? new string(Fill[0], (int)count) : string.Concat(Enumerable.Repeat(Fill, (int)count));
        return align switch
        {
            '<' => sign + text + Fills(missing),
            '=' => sign + Fills(missing) + text,
            '^' => Fills(missing / 2) + sign + text + Fills(missing - missing / 2),
            _ => Fills(missing) + sign + text,
        };
    }

    /// <summary>What stands before a number.</summary>
    internal string SignOf(bool negative) => negative ? "-" : Sign == '-' ? "" : Sign.ToString();

    internal static string Octal(ulong number)
    {
        var digits = "";
        do
        {
            digits = (char)('0' + (number & 7)) + digits;
            number >>= 3;
        }
        while (number > 0);
        return digits;
    }
}
