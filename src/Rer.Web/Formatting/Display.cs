using System.Globalization;
using System.Text.RegularExpressions;

namespace Rer.Web.Formatting;

/// <summary>How values read on a page: minus is U+2212, thousands are separated, correlations drop the leading zero.</summary>
public static partial class Display
{
    /// <summary>What stands where there is no value.</summary>
    public const string None = "–";

    private const char Minus = '\u2212';

    /// <summary>A number with a fixed count of decimals; <see cref="None"/> where it is not defined.</summary>
    public static string Number(double? value, int decimals = 2) => value is { } v && double.IsFinite(v)
        ? Signed(v.ToString("#,0" + (decimals > 0 ? "." + new string('0', decimals) : ""), CultureInfo.InvariantCulture))
        : None;

    /// <summary>A number with about three significant digits, whatever its size: `0.012`, `1.34`, `472`, `1e-5`.</summary>
    public static string Compact(double? value)
    {
        if (value is not { } v || !double.IsFinite(v)) return None;
        var size = Math.Abs(v);
        if (size >= 100 || v == 0) return Number(v, 0);
        if (size >= 10) return Number(v, 1);
        if (size >= 1) return Number(v, 2);
        return size >= 0.01 ? Number(v, 3) : Plain(v);
    }

    /// <summary>A number as short as it can be written: `0.7`, `6`, `44.5`, `1e-5`.</summary>
    public static string Plain(double? value) => value is { } v && double.IsFinite(v)
        ? Signed(v.ToString(Math.Abs(v) is > 0 and < 0.001 ? "0.##e+0" : "#,0.####", CultureInfo.InvariantCulture).Replace("e+", "e"))
        : None;

    /// <summary>A whole number with thousands separated.</summary>
    public static string Count(long value) => Signed(value.ToString("#,0", CultureInfo.InvariantCulture));

    /// <summary>A correlation or probability without its leading zero: `.98`, `−.23`, `1.00`.</summary>
    public static string Correlation(double? value, int decimals = 2)
    {
        var text = Number(value, decimals);
        return text.StartsWith("0.", StringComparison.Ordinal) ? text[1..]
            : text.StartsWith("\u22120.", StringComparison.Ordinal) ? Minus + text[2..]
            : text;
    }

    /// <summary>A p-value: `.004`, or `&lt; .001`.</summary>
    public static string Probability(double? value) => value is < 0.001 ? "< .001" : Correlation(value, value < 0.1 ? 3 : 2);

    /// <summary>A time span as a person says it: `0.4 s`, `38 s`, `4 min 10 s`, `38 min`, `4 h 07 min`, `2 d 9 h`.</summary>
    public static string Duration(double seconds)
    {
        if (!double.IsFinite(seconds) || seconds < 0) return None;
        if (seconds < 10) return Number(seconds, seconds < 1 ? 2 : 1) + " s";
        if (seconds < 59.5) return Number(seconds, 0) + " s";
        var span = TimeSpan.FromSeconds(Math.Round(seconds));
        if (span.TotalMinutes < 10) return span.Seconds == 0 ? $"{span.Minutes} min" : $"{span.Minutes} min {span.Seconds:00} s";
        if (span.TotalMinutes < 59.5) return $"{Math.Round(span.TotalMinutes)} min";
        span = TimeSpan.FromMinutes(Math.Round(span.TotalMinutes));
        return span.TotalHours < 24 ? $"{span.Hours} h {span.Minutes:00} min" : $"{span.Days} d {span.Hours} h";
    }

    /// <summary>
    /// A range of time spans, its unit said once where both have the same: `8 to 14 min`, `50 s to 2 min`; one span where both read alike.
    /// </summary>
    public static string Durations(double low, double high)
    {
        if (Duration(low) == Duration(high)) return Duration(low);
        // The ends of a range are no more exact than to the minute.
        var (from, to) = (Duration(Rounded(low)), Duration(Rounded(high)));
        if (from == to) return from;
        return from.Split(' ') is [var number, var unit] && to.Split(' ') is [_, var other] && unit == other ? $"{number} to {to}"
            : $"{from} to {to}";
    }

    private static double Rounded(double seconds) => seconds < 90 ? seconds : Math.Round(seconds / 60) * 60;

    /// <summary>How long ago something was: `just now`, `3 min ago`, `2 d 4 h ago`.</summary>
    public static string Ago(TimeSpan age) => age.TotalSeconds < 60 ? "just now" : $"{Duration(Math.Floor(age.TotalMinutes) * 60)} ago";

    /// <summary>Hours and minutes for a table column: `3:58`.</summary>
    public static string Hours(double seconds) => double.IsFinite(seconds)
        ? $"{(int)(seconds / 3600)}:{(int)(seconds / 60) % 60:00}"
        : None;

    /// <summary>A size in binary units: `662 MiB`, `98.6 GiB`.</summary>
    public static string Size(double bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
        var unit = 0;
        while (bytes >= 1024 && unit < units.Length - 1) { bytes /= 1024; unit++; }
        return $"{Number(bytes, unit == 0 || bytes >= 100 ? 0 : 1)} {units[unit]}";
    }

    /// <summary>A count of parameters: `3.1 M`, `6.74 B`.</summary>
    public static string Parameters(long count) => count switch
    {
        >= 1_000_000_000 => Number(count / 1e9, 2) + " B",
        >= 1_000_000 => Number(count / 1e6, 1) + " M",
        >= 1_000 => Number(count / 1e3, 0) + " k",
        _ => Count(count),
    };

    /// <summary>A share as per cent: `34 %`.</summary>
    public static string Percent(double? share, int decimals = 0) =>
        share is { } s && double.IsFinite(s) ? Number(s * 100, decimals) + " %" : None;

    /// <summary>A count with its noun: `1 run`, `3 runs`.</summary>
    public static string Plural(long count, string singular, string? plural = null) =>
        $"{Count(count)} {(count == 1 ? singular : plural ?? singular + "s")}";

    /// <summary>How many opinions a group of runs is: `3 seeds`, or `3 runs of 2 seeds` where one was run twice.</summary>
    public static string Seeds(int runs, int seeds) =>
        runs == seeds ? Plural(seeds, "seed") : $"{Plural(runs, "run")} of {Plural(seeds, "seed")}";

    /// <summary>A place in a line: `1st`, `2nd`, `3rd`, `11th`.</summary>
    public static string Ordinal(int place) =>
        Count(place) + ((place % 100) is >= 11 and <= 13 ? "th" : (place % 10) switch { 1 => "st", 2 => "nd", 3 => "rd", _ => "th" });

    /// <summary>A sentence of the engine's with its minus signs and its steps as on the rest of the page.</summary>
    public static string Prose(string text) =>
        LongStep()
            .Replace(HyphenBeforeDigit().Replace(text, Minus.ToString()),
                step => Count(long.Parse(step.Value, CultureInfo.InvariantCulture)));

    [GeneratedRegex(@"(?<=^|[\s(\[])-(?=\d)")]
    private static partial Regex HyphenBeforeDigit();

    [GeneratedRegex(@"(?<=\bsteps? )\d{4,9}\b")]
    private static partial Regex LongStep();

    private static string Signed(string text) => text.Replace('-', Minus);
}
