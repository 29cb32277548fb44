using System.Globalization;
using Rer.Engine.Evaluation.Statistics;
using Rer.Engine.Runs.Alerts;

namespace Rer.Cli.Output;

/// <summary>Numbers and times as people read them.</summary>
internal static class Figures
{
    /// <summary>What stands where a figure is not defined.</summary>
    public const string None = "-";

    public static string Fixed(double value, int digits = 3) =>
        double.IsFinite(value) ? value.ToString("F" + digits, CultureInfo.InvariantCulture) : None;

    public static string Mean(Interval? interval) => interval is { } i ? Fixed(i.Mean) : None;

    /// <summary>A correlation, its leading zero dropped: `.93`, `-.23`.</summary>
    public static string Correlation(double value) => Fixed(value).Replace("0.", ".");

    /// <summary>`alert, from step 60 on: KL above 1.5 × target. Mean 12.4 nats per sequence; the target is 6.0.`</summary>
    public static string Line(RunAlert alert)
    {
        var when = alert.Closed is { } closed ? $"steps {alert.Opened} to {closed}" : $"from step {alert.Opened} on";
        return $"alert, {when}: {alert.Title}. {alert.Text}";
    }

    /// <summary>`12 s`, `38 min`, `2 h 05 min`, `3 d 04 h`.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 99.5 } => $"{time.TotalSeconds:F0} s",
        { TotalMinutes: < 99.5 } => $"{time.TotalMinutes:F0} min",
        { TotalHours: < 48 } => $"{(int)time.TotalHours} h {time.Minutes:00} min",
        _ => $"{(int)time.TotalDays} d {time.Hours:00} h",
    };
}
