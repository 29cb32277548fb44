using System.Collections;
using System.Globalization;
using System.Text;

namespace Rer.Engine.Data.Jinja;

/// <summary>
/// Python's rules for the values of a template: null is None; then bool, long, double, string, lists (<see cref="IList"/>) and
/// dictionaries with text keys, in the order they were filled.
/// </summary>
internal static class Values
{
    /// <summary>Whether a condition holds.</summary>
    public static bool IsTrue(object? value) => value switch
    {
        null or Undefined => false,
        bool flag => flag,
        long number => number != 0,
        double number => number != 0,
        string text => text.Length > 0,
        ICollection items => items.Count > 0,
        _ => true,
    };

    /// <summary>What a value is, for messages.</summary>
    public static string Kind(object? value) => value switch
    {
        null => "none",
        Undefined undefined => $"undefined ('{undefined.Name}')",
        bool => "a boolean",
        long or double => "a number",
        string => "a text",
        IDictionary => "a mapping",
        IList => "a list",
        TemplateFunction => "a function",
        _ => "an object",
    };

    /// <summary>Equality as Python has it: by value, numbers across types.</summary>
    public static bool Equal(object? a, object? b)
    {
        if (Number(a) is { } x && Number(b) is { } y) return x == y;
        if (a is IDictionary left && b is IDictionary right)
            return left.Count == right.Count && left.Keys.Cast<object>().All(key => right.Contains(key) && Equal(left[key], right[key]));
        if (a is IList first && b is IList second)
            return first.Count == second.Count && first.Cast<object?>().Zip(second.Cast<object?>()).All(pair => Equal(pair.First, pair.Second));
        if (a is Undefined) return b is Undefined;
        return Equals(a, b);
    }

    /// <summary>Order of two numbers or two texts.</summary>
    /// <exception cref="EvaluationException">They have none.</exception>
    public static int Compare(object? a, object? b)
    {
        if (Number(a) is { } x && Number(b) is { } y) return x.CompareTo(y);
        if (a is string left && b is string right) return string.CompareOrdinal(left, right);
        if (a is IList first && b is IList second)
        {
            foreach (var (one, other) in first.Cast<object?>().Zip(second.Cast<object?>()))
            {
                if (!Equal(one, other)) return Compare(one, other);
            }
            return first.Count.CompareTo(second.Count);
        }
        throw new EvaluationException($"{Kind(a)} and {Kind(b)} cannot be ordered.");
    }

    /// <summary>`item in container`.</summary>
    public static bool Contains(object? container, object? item) => container switch
    {
        string text => item is string part ? text.Contains(part, StringComparison.Ordinal) : throw new EvaluationException($"a text cannot hold {Kind(item)}."),
        IDictionary map => item is string key && map.Contains(key),
        IList list => list.Cast<object?>().Any(other => Equal(other, item)),
        NamespaceValue space => item is string key && space.Values.ContainsKey(key),
        _ => throw new EvaluationException($"{Kind(container)} holds nothing that 'in' could find."),
    };

    /// <summary>What a `for` goes through.</summary>
    /// <exception cref="EvaluationException">It is not a list, mapping or text.</exception>
    public static List<object?> Items(object? value) => value switch
    {
        string text => [.. text.EnumerateRunes().Select(rune => (object?)rune.ToString())],
        IDictionary map => [.. map.Keys.Cast<object?>()],
        IList list => [.. list.Cast<object?>()],
        _ => throw new EvaluationException($"{Kind(value)} cannot be gone through; a list, a mapping or a text can."),
    };

    /// <summary>Elements of a list or mapping, characters of a text.</summary>
    public static long Length(object? value) => value switch
    {
        string text => text.EnumerateRunes().Count(),
        ICollection items => items.Count,
        Undefined => 0,
        _ => throw new EvaluationException($"{Kind(value)} has no length."),
    };

    /// <summary>`container[key]`; <see cref="Undefined"/> where it has no such element.</summary>
    public static object? Element(object? container, object? key)
    {
        switch (container)
        {
            case Undefined undefined:
                throw new EvaluationException($"'{undefined.Name}' is undefined.");
            case IDictionary map:
                return key is not null && map.Contains(key) ? map[key] : new Undefined(Text(key));
            case string or IList when key is long index:
                var items = Items(container);
                if (index < 0) index += items.Count;
                return index >= 0 && index < items.Count ? items[(int)index] : new Undefined($"element {key}");
            default:
                return key is string name ? Members.Get(container, name) : new Undefined(Text(key));
        }
    }

    /// <summary>`container[start:stop:step]`, of a list or a text.</summary>
    public static object? Slice(object? container, long? start, long? stop, long? step)
    {
        if (container is not (string or IList)) throw new EvaluationException($"{Kind(container)} cannot be sliced.");
        var items = Items(container);
        var (by, count) = (step ?? 1, (long)items.Count);
        if (by == 0) throw new EvaluationException("a slice's step cannot be 0.");
        long Bound(long? given, long fallback) => given is not { } value ? fallback
            : Math.Clamp(value < 0 ? value + count : value, by > 0 ? 0 : -1, by > 0 ? count : count - 1);
        var (from, to) = (Bound(start, by > 0 ? 0 : count - 1), Bound(stop, by > 0 ? count : -1));
        var taken = new List<object?>();
        for (var i = from; by > 0 ? i < to : i > to; i += by) taken.Add(items[(int)i]);
        return container is string ? string.Concat(taken) : taken;
    }

    /// <summary>A number as a double; null where it is none. Booleans count as numbers.</summary>
    public static double? Number(object? value) => value switch
    {
        long number => number,
        double number => number,
        bool flag => flag ? 1 : 0,
        _ => null,
    };

    /// <summary>A value as it is printed: Python's `str`, undefined as nothing.</summary>
    public static string Text(object? value) => value switch
    {
        string text => text,
        Undefined => "",
        _ => Literal(value),
    };

    /// <summary>A value as Python writes it in code: `repr`.</summary>
    private static string Literal(object? value) => value switch
    {
        null => "None",
        Undefined => "Undefined",
        bool flag => flag ? "True" : "False",
        long number => number.ToString(CultureInfo.InvariantCulture),
        double number => Literal(number),
        string text => Quoted(text),
        IDictionary map => $"{{{string.Join(", ", map.Keys.Cast<object>().Select(key => $"{Literal(key)}: {Literal(map[key])}"))}}}",
        IList list => $"[{string.Join(", ", list.Cast<object?>().Select(Literal))}]",
        _ => $"<{Kind(value)}>",
    };

    /// <summary>A float as Python writes it: always with a point or an exponent.</summary>
    internal static string Literal(double number)
    {
        if (double.IsNaN(number)) return "nan";
        if (double.IsInfinity(number)) return number > 0 ? "inf" : "-inf";
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        var mark = text.IndexOf('E');
        if (mark < 0) return text.Contains('.') ? text : text + ".0";
        var exponent = int.Parse(text.AsSpan(mark + 1), CultureInfo.InvariantCulture);
        // Python writes an exponent later than .NET does.
        if (exponent is >= -4 and < 16) return ((decimal)number).ToString("0.0###################", CultureInfo.InvariantCulture);
        return $"{text[..mark]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
    }

    private static string Quoted(string text)
    {
        var quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        var quoted = new StringBuilder().Append(quote);
        foreach (var c in text)
        {
            _ = c switch
            {
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                _ when c == quote => quoted.Append('\\').Append(c),
                < ' ' or '\x7f' => quoted.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => quoted.Append(c),
            };
        }
        return quoted.Append(quote).ToString();
    }
}
