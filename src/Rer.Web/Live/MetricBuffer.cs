using Rer.Engine.Runs.Events;

namespace Rer.Web.Live;

/// <summary>One metric as a page holds it: what the store gave, and the steps since.</summary>
public sealed class MetricBuffer
{
    /// <summary>Points after which the series is read from the store again, thinned.</summary>
    public const int Capacity = 4_000;

    private readonly List<double> _steps = [];
    private readonly List<double> _values = [];

    /// <summary>A buffer that begins with what the store has.</summary>
    public MetricBuffer(MetricSeries series)
    {
        _steps.AddRange(series.Steps.Select(s => (double)s));
        _values.AddRange(series.Values);
    }

    /// <summary>An empty buffer.</summary>
    public MetricBuffer() { }

    /// <summary>Number of points.</summary>
    public int Count => _steps.Count;

    /// <summary>Steps, ascending.</summary>
    public double[] Steps => [.. _steps];

    /// <summary>Values, NaN where the metric was not defined.</summary>
    public double[] Values => [.. _values];

    /// <summary>The last value; NaN where there is none.</summary>
    public double Last => _values.Count == 0 ? double.NaN : _values[^1];

    /// <summary>Mean of the last <paramref name="count"/> defined values; NaN where there are none.</summary>
    public double MeanOfLast(int count)
    {
        double sum = 0;
        var n = 0;
        for (var i = _values.Count - 1; i >= 0 && n < count; i--)
        {
            if (!double.IsFinite(_values[i])) continue;
            sum += _values[i];
            n++;
        }
        return n == 0 ? double.NaN : sum / n;
    }

    /// <summary>Adds a step; one that is not later than the last is left out.</summary>
    public void Add(int step, double value)
    {
        if (_steps.Count > 0 && step <= _steps[^1]) return;
        _steps.Add(step);
        _values.Add(value);
    }
}
