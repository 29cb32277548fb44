namespace Rer.Engine.Runs.Session;

/// <summary>Mean of the defined ones among the last <paramref name="window"/> values.</summary>
internal sealed class RunningMean(int window)
{
    private readonly double[] _last = new double[window];
    private double _sum;
    private int _defined;
    private int _seen;

    /// <summary>The mean; NaN where no value in the window is defined.</summary>
    public double Value => _defined == 0 ? double.NaN : _sum / _defined;

    /// <summary>Adds a value; NaN takes a place in the window and does not enter the mean.</summary>
    public void Add(double value)
    {
        var place = _seen % window;
        if (_seen >= window && double.IsFinite(_last[place])) (_sum, _defined) = (_sum - _last[place], _defined - 1);
        if (double.IsFinite(value)) (_sum, _defined) = (_sum + value, _defined + 1);
        _last[place] = value;
        _seen++;
    }
}
