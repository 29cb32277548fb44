namespace Rer.Web.Charts;

/// <summary>Round tick positions.</summary>
public static class Ticks
{
    private static readonly double[] Units = [1, 2, 2.5, 5, 10];

    /// <summary>
    /// Multiples of 1, 2, 2.5 or 5 times a power of ten from 0 up to <paramref name="last"/>, at most <paramref name="most"/> + 1 of them.
    /// </summary>
    public static double[] Steps(int last, int most = 6)
    {
        if (last <= 0) return [0];
        var rough = (double)last / most;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var unit = Math.Max(1, Units.Select(m => m * power).First(u => u >= rough - 1e-9 && u % 1 == 0));
        return [.. Enumerable.Range(0, (int)(last / unit) + 1).Select(i => i * unit)];
    }

    /// <summary>Start, middle and end: the ticks of small multiples.</summary>
    public static double[] Three(int last)
    {
        var all = Steps(last, 2);
        return all.Length > 3 ? [all[0], all[all.Length / 2], all[^1]] : all;
    }
}
