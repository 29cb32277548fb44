using System.Globalization;
using System.Numerics;

namespace Rer.Engine.Data.Jinja.Runtime;

/// <summary>Floats as Python writes and rounds them: by their exact value, halves to the even digit.</summary>
internal static class PythonNumber
{
    /// <summary>A format may ask for this many digits behind the point.</summary>
    public const int MostDigits = 1000;

    /// <summary>A float as `repr` writes it: the shortest digits that give it back, always with a point or an exponent.</summary>
    public static string Literal(double number)
    {
        if (!double.IsFinite(number)) return NotFinite(number);
        var (sign, digits, exponent) = Shortest(number);
        if (exponent is < -4 or >= 16) return sign + Scientific(digits, exponent, 'e');
        return sign + Positional(digits, exponent, keepPoint: true);
    }

    /// <summary>`%.2f`: a fixed number of digits behind the point.</summary>
    public static string Fixed(double number, int decimals)
    {
        if (!double.IsFinite(number)) return NotFinite(number);
        CheckDigits(decimals);
        var digits = Scaled(number, decimals).ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        var text = decimals == 0 ? digits : $"{digits[..^decimals]}.{digits[^decimals..]}";
        return double.IsNegative(number) ? "-" + text : text;
    }

    /// <summary>`%.2e`: one digit before the point, a fixed number behind it, and an exponent.</summary>
    public static string Exponential(double number, int decimals, char mark)
    {
        if (!double.IsFinite(number)) return NotFinite(number);
        CheckDigits(decimals);
        var (digits, exponent) = Significant(number, decimals + 1);
        return (double.IsNegative(number) ? "-" : "") + Scientific(digits, exponent, mark);
    }

    /// <summary>`%g`: so many significant digits, without an exponent where the number is neither large nor small.</summary>
    public static string General(double number, int precision, char mark, bool keepZeros)
    {
        if (!double.IsFinite(number)) return NotFinite(number);
        CheckDigits(precision);
        var (digits, exponent) = Significant(number, Math.Max(1, precision));
        var shown = keepZeros ? digits : digits.TrimEnd('0') is { Length: > 0 } trimmed ? trimmed : "0";
        var text = exponent < -4 || exponent >= Math.Max(1, precision) ? Scientific(shown, exponent, mark)
            : Positional(shown, exponent, keepPoint: false);
        return double.IsNegative(number) ? "-" + text : text;
    }

    /// <summary>Python's `round`.</summary>
    /// <param name="number">Any number.</param>
    /// <param name="decimals">Digits behind the point; a negative number rounds before it.</param>
    public static double Round(double number, long decimals)
    {
        if (!double.IsFinite(number) || decimals > 330) return number;
        if (decimals < -310) return Math.CopySign(0, number);
        var text = $"{Scaled(number, (int)decimals)}E{-decimals}";
        return Math.CopySign(double.Parse(text, CultureInfo.InvariantCulture), number);
    }

    /// <summary>Python's `round` of a whole number to tens, hundreds, ...: <paramref name="decimals"/> is below 0.</summary>
    public static long RoundWhole(long number, long decimals)
    {
        if (decimals < -19) return 0;
        var unit = BigInteger.Pow(10, (int)-decimals);
        var (quotient, remainder) = BigInteger.DivRem(BigInteger.Abs(number), unit);
        var half = (2 * remainder).CompareTo(unit);
        if (half > 0 || half == 0 && !quotient.IsEven) quotient++;
        var rounded = quotient * unit * Math.Sign(number);
        if (rounded < long.MinValue || rounded > long.MaxValue) throw new EvaluationException(Builtins.Operators.TooLarge);
        return (long)rounded;
    }

    /// <summary>The absolute value times a power of ten, rounded to a whole number, halves to the even one.</summary>
    private static BigInteger Scaled(double number, int power)
    {
        var bits = BitConverter.DoubleToInt64Bits(Math.Abs(number));
        var exponent = (int)(bits >> 52);
        BigInteger above = exponent == 0 ? bits : (bits & 0xFFFFFFFFFFFFF) | 0x10000000000000;
        BigInteger below = 1;
        var shift = Math.Max(exponent, 1) - 1075;
        if (shift > 0) above <<= shift;
        else below <<= -shift;
        if (power > 0) above *= BigInteger.Pow(10, power);
        else below *= BigInteger.Pow(10, -power);
        var quotient = BigInteger.DivRem(above, below, out var remainder);
        var half = (2 * remainder).CompareTo(below);
        return half > 0 || half == 0 && !quotient.IsEven ? quotient + 1 : quotient;
    }

    private static (string Digits, int Exponent) Significant(double number, int count)
    {
        if (number == 0) return (new string('0', count), 0);
        var exponent = (int)Math.Floor(Math.Log10(Math.Abs(number)));
        while (true)
        {
            var digits = Scaled(number, count - 1 - exponent).ToString(CultureInfo.InvariantCulture);
            if (digits.Length == count) return (digits, exponent);
            // The logarithm was a hair off, or rounding has carried into a new digit.
            exponent += digits.Length > count ? 1 : -1;
        }
    }

    private static string Scientific(string digits, int exponent, char mark) =>
        $"{digits[0]}{(digits.Length > 1 ? "." + digits[1..] : "")}{mark}{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";

    private static string Positional(string digits, int exponent, bool keepPoint)
    {
        if (exponent < 0) return $"0.{new string('0', -exponent - 1)}{digits}";
        if (digits.Length > exponent + 1) return $"{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
        return digits.PadRight(exponent + 1, '0') + (keepPoint ? ".0" : "");
    }

    /// <summary>The digits of the shortest form, and the power of ten of the first.</summary>
    private static (string Sign, string Digits, int Exponent) Shortest(double number)
    {
        var text = Math.Abs(number).ToString("R", CultureInfo.InvariantCulture);
        var mark = text.IndexOf('E');
        var exponent = mark < 0 ? 0 : int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = mark < 0 ? text : text[..mark];
        var whole = mantissa.IndexOf('.') is >= 0 and var point ? point : mantissa.Length;
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var zeros = digits.Length - digits.TrimStart('0').Length;
        var kept = digits.Trim('0');
        return (double.IsNegative(number) ? "-" : "", kept.Length == 0 ? "0" : kept, kept.Length == 0 ? 0 : exponent + whole - 1 - zeros);
    }

    private static void CheckDigits(int digits)
    {
        if (digits > MostDigits) throw new EvaluationException($"a number is written with at most {MostDigits} digits, not {digits}.");
    }

    private static string NotFinite(double number) => double.IsNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
}
