using System.Globalization;
using Rer.Engine.Data.Jinja.Runtime;

namespace Rer.Engine.Data.Jinja.Builtins;

/// <summary>Filters about numbers.</summary>
internal static class NumberFilters
{
    /// <summary>The filters by name.</summary>
    public static Dictionary<string, Builtin> All { get; } = new()
    {
        ["abs"] = new("", (value, _) =>
            Values.Whole(value) is { } whole ? Operators.Checked(() => Math.Abs(whole)) : Math.Abs(Number(value))),
        ["int"] = new("default base", (value, given) =>
            ToInteger(value, given.Integer(1, "base") ?? 10, given.Budget) ?? given.Get(0, "default", 0L)),
        ["float"] = new("default", (value, given) => ToFloat(value, given.Budget) ?? given.Get(0, "default", 0.0)),
        ["round"] = new("precision method", Round),
    };

    /// <summary>A text as a float, as Python reads it.</summary>
    public static double? ParseFloat(string text)
    {
        text = TextMethods.Strip(text, null, true, true);
        if (text.Contains('_')) text = WithoutUnderscores(text) ?? "";
        switch ((text.StartsWith('+') || text.StartsWith('-') ? text[1..] : text).ToLowerInvariant())
        {
            case "inf" or "infinity": return text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            case "nan": return double.NaN;
        }
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return text.Length > 0 && char.IsAscii(text[^1]) && double.TryParse(text, Style, CultureInfo.InvariantCulture, out var number)
            ? number : null;
    }

    private static double Number(object? value) =>
        Values.Number(value) ?? throw new EvaluationException($"{Values.Kind(value)} is no number.");

    private static object? Round(object? value, Arguments given)
    {
        var (precision, method) = (given.Integer(0, "precision") ?? 0, given.Get(1, "method", "common"));
        switch (method)
        {
            case "common":
                if (Values.Whole(value) is not { } whole) return PythonNumber.Round(Number(value), precision);
                if (precision >= 0) return whole;
                return PythonNumber.RoundWhole(whole, precision);
            case "ceil" or "floor":
                var power = precision is > -300 and < 300 ? Math.Pow(10, precision)
                    : throw new EvaluationException("a precision must be within 300.");
                var scaled = Number(value) * power;
                return (method is "ceil" ? Math.Ceiling(scaled) : Math.Floor(scaled)) / power;
            default:
                throw new EvaluationException("the method must be 'common', 'ceil' or 'floor'.");
        }
    }

    private static long? ToInteger(object? value, long numberBase, RenderBudget budget)
    {
        switch (value)
        {
            case double number: return Truncated(number);
            case Undefined undefined: throw new EvaluationException($"'{undefined.Name}' is undefined.");
            case string text:
                budget.Read(text.Length);
                return ParseWhole(text, numberBase) ?? (ParseFloat(text) is { } real ? Truncated(real) : null);
            default: return Values.Whole(value);
        }
    }

    private static long? Truncated(double number) => double.IsFinite(number) && Math.Abs(number) < 9.2e18 ? (long)number
        : double.IsFinite(number) ? throw new EvaluationException(Operators.TooLarge)
        : double.IsNaN(number) ? null : throw new EvaluationException("an infinite number has no whole part.");

    private static double? ToFloat(object? value, RenderBudget budget)
    {
        if (value is Undefined undefined) throw new EvaluationException($"'{undefined.Name}' is undefined.");
        if (value is not string text) return Values.Number(value);
        budget.Read(text.Length);
        return ParseFloat(text);
    }

    private static long? ParseWhole(string text, long numberBase)
    {
        text = TextMethods.Strip(text, null, true, true);
        if (text.Contains('_')) text = WithoutUnderscores(text) ?? "";
        var negative = text.StartsWith('-');
        if (negative || text.StartsWith('+')) text = text[1..];
        var prefix = text.Length > 2 && text[0] == '0' ? char.ToLowerInvariant(text[1]) : '\0';
        if ((prefix, numberBase) is ('x', 16 or 0) or ('o', 8 or 0) or ('b', 2 or 0))
        {
            numberBase = prefix == 'x' ? 16 : prefix == 'o' ? 8 : 2;
            text = text[2..];
        }
        if (numberBase == 0) numberBase = 10;
        if (numberBase is < 2 or > 36 || text.Length == 0) return null;
        Int128 number = 0;
        foreach (var c in text)
        {
            var digit = char.IsAsciiDigit(c) ? c - '0' : char.IsAsciiLetter(c) ? (c | 0x20) - 'a' + 10 : 99;
            if (digit >= numberBase) return null;
            number = number * numberBase + digit;
            if (number > (Int128)1 << 64) throw new EvaluationException(Operators.TooLarge);
        }
        if (negative) number = -number;
        if (number < long.MinValue || number > long.MaxValue) throw new EvaluationException(Operators.TooLarge);
        return (long)number;
    }

    /// <summary>Python allows single underscores between digits.</summary>
    private static string? WithoutUnderscores(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '_') continue;
            var between = i > 0 && i < text.Length - 1 && char.IsAsciiLetterOrDigit(text[i - 1]) && char.IsAsciiLetterOrDigit(text[i + 1]);
            if (!between) return null;
        }
        return text.Replace("_", "", StringComparison.Ordinal);
    }
}
