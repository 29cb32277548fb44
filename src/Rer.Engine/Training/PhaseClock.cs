using System.Diagnostics;

namespace Rer.Engine.Training;

/// <summary>Wall-clock seconds by phase of a step, by metric name.</summary>
internal sealed class PhaseClock
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Dictionary<string, double> _seconds = [];
    private long _last = Stopwatch.GetTimestamp();

    /// <summary>Ends the phase under way.</summary>
    public void Finish(string metric)
    {
        var now = Stopwatch.GetTimestamp();
        _seconds[metric] = Stopwatch.GetElapsedTime(_last, now).TotalSeconds;
        _last = now;
    }

    /// <summary>Seconds of a phase that has ended, else 0.</summary>
    public double this[string metric] => _seconds.GetValueOrDefault(metric);

    /// <summary>Seconds since the clock was made.</summary>
    public double Total => Stopwatch.GetElapsedTime(_start).TotalSeconds;
}
