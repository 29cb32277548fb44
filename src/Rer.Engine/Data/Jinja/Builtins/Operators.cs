using Rer.Engine.Data.Jinja.Runtime;

namespace Rer.Engine.Data.Jinja.Builtins;

/// <summary>Arithmetic as Python has it, whole numbers within 64 bits.</summary>
internal static class Operators
{
    /// <summary>What a whole number that does not fit is answered with.</summary>
    public const string TooLarge = "a whole number beyond 64 bits is not supported.";

    /// <summary>`a op b`.</summary>
    /// <exception cref="EvaluationException">The operator does not take such values, or the outcome is too large.</exception>
    public static object? Compute(string op, object? a, object? b, RenderBudget budget)
    {
        switch (op, a, b)
        {
            case ("+", string first, string second):
                budget.Write(first.Length + second.Length);
                return first + second;
            case ("+", List<object?> first, List<object?> second): return Joined(first, second, budget);
            case ("+", TupleValue first, TupleValue second): return new TupleValue(Joined(first, second, budget));
            case ("%", string format, _): return Printf.Format(format, b, budget);
            case ("*", string or List<object?> or TupleValue, _) when Values.Whole(b) is { } times: return Repeat(a!, times, budget);
            case ("*", _, string or List<object?> or TupleValue) when Values.Whole(a) is { } times: return Repeat(b!, times, budget);
        }
        if ((a as Undefined ?? b as Undefined) is { } undefined)
            throw new EvaluationException($"'{undefined.Name}' is undefined, so '{op}' cannot compute with it.");
        if (Values.Whole(a) is { } x && Values.Whole(b) is { } y && op != "/" && !(op == "**" && y < 0))
            return Checked(() => Whole(op, x, y));
        if (Values.Number(a) is { } left && Values.Number(b) is { } right) return Real(op, left, right);
        throw new EvaluationException($"'{op}' does not take {Values.Kind(a)} and {Values.Kind(b)}.");
    }

    /// <summary>A whole number, or an error where it does not fit.</summary>
    /// <exception cref="EvaluationException">It takes more than 64 bits.</exception>
    public static object Checked(Func<long> compute)
    {
        try
        {
            return compute();
        }
        catch (OverflowException)
        {
            throw new EvaluationException(TooLarge);
        }
    }

    private static List<object?> Joined(IReadOnlyList<object?> first, IReadOnlyList<object?> second, RenderBudget budget)
    {
        budget.Hold((long)first.Count + second.Count);
        return [.. first, .. second];
    }

    private static object Repeat(object repeated, long times, RenderBudget budget)
    {
        times = Math.Max(0, times);
        if (repeated is string text)
        {
            // Compared before it is multiplied: a template may ask for 2^62 times.
            if (text.Length == 0) return "";
            budget.Write(times);
            budget.Write(times * text.Length);
            return string.Concat(Enumerable.Repeat(text, (int)times));
        }
        var items = (IReadOnlyList<object?>)repeated;
        var all = new List<object?>();
        if (items.Count > 0)
        {
            budget.Hold(times);
            budget.Hold(times * items.Count);
            for (var i = 0; i < times; i++) all.AddRange(items);
        }
        return repeated is TupleValue ? new TupleValue(all) : all;
    }

    private static long Whole(string op, long a, long b)
    {
        if (b == 0 && op is ("//" or "%")) throw new EvaluationException("division by zero.");
        return op switch
        {
            "+" => checked(a + b),
            "-" => checked(a - b),
            "*" => checked(a * b),
            "**" => Power(a, b),
            // Python rounds a quotient down, and its remainder has the divisor's sign.
            "//" => checked(a / b) - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0),
            _ => b == -1 ? 0 : a % b is var rest && rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest,
        };
    }

    private static long Power(long number, long exponent)
    {
        if (number is 0 or 1) return exponent == 0 ? 1 : number;
        if (number == -1) return exponent % 2 == 0 ? 1 : -1;
        var power = 1L;
        for (; exponent > 0; exponent--) power = checked(power * number);
        return power;
    }

    private static double Real(string op, double a, double b)
    {
        if (b == 0 && op is ("/" or "//" or "%") || op == "**" && a == 0 && b < 0) throw new EvaluationException("division by zero.");
        switch (op)
        {
            case "+": return a + b;
            case "-": return a - b;
            case "*": return a * b;
            case "/": return a / b;
            case "%": return Remainder(a, b);
            case "//":
                var quotient = (a - Remainder(a, b)) / b;
                return quotient == 0 ? Math.CopySign(0, a / b) : Math.Floor(quotient + .5);
            default:
                var power = Math.Pow(a, b);
                if (double.IsNaN(power) && !double.IsNaN(a) && !double.IsNaN(b))
                    throw new EvaluationException("a power that is a complex number is not supported.");
                if (double.IsInfinity(power) && double.IsFinite(a) && double.IsFinite(b))
                    throw new EvaluationException("the power is too large.");
                return power;
        }
    }

    private static double Remainder(double a, double b)
    {
        var rest = a % b;
        if (rest == 0) return Math.CopySign(0, b);
        return (rest < 0) != (b < 0) ? rest + b : rest;
    }
}
