using System.Diagnostics;

namespace Rer.Benchmarks;

/// <summary>Medians of repeated runs: one slow run, of a machine that others use, does not move them.</summary>
internal static class Median
{
    /// <summary>The middle value.</summary>
    public static double Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>
    /// Median seconds of <paramref name="action"/> over <paramref name="runs"/>, after <paramref name="warmUps"/> that are not counted.
    /// </summary>
    public static double Seconds(int warmUps, int runs, Action action)
    {
        for (var i = 0; i < warmUps; i++) action();
        return Of(Enumerable.Range(0, runs).Select(_ => Seconds(action)).ToArray());
    }

    /// <summary>Seconds of one run.</summary>
    public static double Seconds(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
