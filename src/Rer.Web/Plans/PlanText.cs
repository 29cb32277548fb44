using System.Globalization;

namespace Rer.Web.Plans;

/// <summary>Option values as people type them.</summary>
internal static class PlanText
{
    /// <summary>What stands for 0 where 0 switches an option off.</summary>
    public const string Off = "off";

    public static string Of(int value, bool zeroIsOff = false) => zeroIsOff && value == 0 ? Off : value.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Of(double value, bool zeroIsOff = false) => zeroIsOff && value == 0 ? Off
        : Math.Abs(value) is > 0 and < 0.001 ? value.ToString("0.####e+0", CultureInfo.InvariantCulture).Replace("e+", "e")
        : value.ToString("#,0.######", CultureInfo.InvariantCulture);

    public static string Of(bool value) => value ? "on" : Off;

    public static int Whole(string text) =>
        int.TryParse(Plain(text), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new FormatException($"'{text}' is not a whole number.");

    public static double Real(string text) =>
        double.TryParse(Plain(text), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw new FormatException($"'{text}' is not a number. Write it like 0.2 or 1e-5.");

    public static bool Switch(string text) => text.Trim().ToLowerInvariant() switch
    {
        "on" or "yes" or "true" => true,
        Off or "no" or "false" => false,
        _ => throw new FormatException($"'{text}' is neither on nor off."),
    };

    private static string Plain(string text)
    {
        var plain = text.Replace(",", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).Replace('\u2212', '-');
        return plain.Equals(Off, StringComparison.OrdinalIgnoreCase) ? "0" : plain;
    }
}
