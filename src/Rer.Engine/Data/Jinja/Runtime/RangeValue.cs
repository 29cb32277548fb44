using System.Collections;

namespace Rer.Engine.Data.Jinja.Runtime;

/// <summary>Python's range: whole numbers, each computed when it is asked for.</summary>
internal sealed class RangeValue : IReadOnlyList<object?>
{
    /// <summary>A range may have this many numbers: Jinja's own bound.</summary>
    public const int Most = 100_000;

    private readonly long _start;
    private readonly long _step;

    /// <summary>The numbers from a start, stepwise, up to a stop that is not among them.</summary>
    /// <exception cref="EvaluationException">The step is 0, or there are more than <see cref="Most"/>.</exception>
    public RangeValue(long start, long stop, long step)
    {
        if (step == 0) throw new EvaluationException("the step of a range cannot be 0.");
        var (low, high) = step > 0 ? (start, stop) : (stop, start);
        var count = high <= low ? 0 : ((Int128)high - low - 1) / Int128.Abs(step) + 1;
        if (count > Most) throw new EvaluationException($"a range is limited to {Most:N0} numbers; this one has {count:N0}.");
        (_start, Stop, _step, Count) = (start, stop, step, (int)count);
    }

    /// <summary>How many numbers there are.</summary>
    public int Count { get; }

    /// <summary>Where it ends, as it is printed.</summary>
    public long Stop { get; }

    /// <summary>A number by its index.</summary>
    public object? this[int index] => _start + index * _step;

    /// <inheritdoc/>
    public IEnumerator<object?> GetEnumerator()
    {
        for (var i = 0; i < Count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>As Python prints it.</summary>
    public override string ToString() => _step == 1 ? $"range({_start}, {Stop})" : $"range({_start}, {Stop}, {_step})";
}
