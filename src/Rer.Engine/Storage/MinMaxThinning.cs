using Rer.Engine.Runs.Events;

namespace Rer.Engine.Storage;

/// <summary>
/// Thins a series to a number of points by keeping each bucket's lowest and highest value at their own steps: a spike of one
/// step survives, which a mean would hide.
/// </summary>
/// <param name="count">Number of values to come.</param>
/// <param name="maxPoints">Most points to keep; a series that fits is kept whole.</param>
public sealed class MinMaxThinning(int count, int maxPoints)
{
    private readonly List<int> _steps = new(Math.Min(count, maxPoints));
    private readonly List<double> _values = new(Math.Min(count, maxPoints));
    private readonly int _bucket = count <= maxPoints ? 1 : (count + (maxPoints / 2) - 1) / (maxPoints / 2);
    private (int Step, double Value) _low, _high;
    private int _inBucket;

    /// <summary>The next value; steps ascend.</summary>
    public void Add(int step, double value)
    {
        if (_inBucket == 0) _low = _high = (step, value);
        else if (double.IsNaN(_low.Value)) _low = _high = (step, value);
        else if (value < _low.Value) _low = (step, value);
        else if (value > _high.Value) _high = (step, value);
        if (++_inBucket == _bucket) Flush();
    }

    /// <summary>What was kept, once every value has been added.</summary>
    public MetricSeries Finish(string name)
    {
        if (_inBucket > 0) Flush();
        return new MetricSeries(name, [.. _steps], [.. _values]);
    }

    private void Flush()
    {
        var (first, second) = _low.Step <= _high.Step ? (_low, _high) : (_high, _low);
        Keep(first);
        if (second.Step != first.Step) Keep(second);
        _inBucket = 0;
    }

    private void Keep((int Step, double Value) point)
    {
        _steps.Add(point.Step);
        _values.Add(point.Value);
    }
}
