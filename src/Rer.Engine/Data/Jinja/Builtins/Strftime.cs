using System.Globalization;
using System.Text;
using Rer.Engine.Data.Jinja.Runtime;

namespace Rer.Engine.Data.Jinja.Builtins;

/// <summary>Times in the notation of C's `strftime`, in English.</summary>
internal static class Strftime
{
    /// <summary>A time as text.</summary>
    /// <exception cref="EvaluationException">The format has a directive that is not known.</exception>
    public static string Format(DateTimeOffset time, string format, RenderBudget budget)
    {
        budget.Write(format.Length);
        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
                continue;
            }
            // `%-d` is `%d` without the leading zero.
            var bare = format[i + 1] == '-' && i + 2 < format.Length;
            if (bare) i++;
            var part = Part(time, format[++i]);
            text.Append(bare ? part.TrimStart('0') is { Length: > 0 } trimmed ? trimmed : "0" : part);
        }
        return text.ToString();
    }

    private static string Part(DateTimeOffset time, char directive)
    {
        string In(string format) => time.ToString(format, CultureInfo.InvariantCulture);
        return directive switch
        {
            'Y' => In("yyyy"),
            'y' => In("yy"),
            'm' => In("MM"),
            'd' => In("dd"),
            'B' => In("MMMM"),
            'b' or 'h' => In("MMM"),
            'A' => In("dddd"),
            'a' => In("ddd"),
            'H' => In("HH"),
            'I' => In("hh"),
            'M' => In("mm"),
            'S' => In("ss"),
            'f' => In("ffffff"),
            'p' => In("tt"),
            'j' => time.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
            'w' => ((int)time.DayOfWeek).ToString(CultureInfo.InvariantCulture),
            'F' => In("yyyy-MM-dd"),
            'T' => In("HH:mm:ss"),
            'z' => In("zzz").Replace(":", "", StringComparison.Ordinal),
            'Z' => "",
            '%' => "%",
            _ => throw new EvaluationException($"'%{directive}' is not known in a time's format."),
        };
    }
}
