using System.Runtime.CompilerServices;

namespace Rer.Engine.Tests.Fuzzing;

/// <summary>Reads an input of others under watch: it must come to an end, and must not take memory that the input is not worth.</summary>
internal static class Reading
{
    /// <summary>Most bytes that reading one small input may allocate, freed or not.</summary>
    private const long MostAllocated = 1L << 30;

    /// <summary>Seconds after which an input hangs. It is no measure of speed: reading one takes a thousandth of that.</summary>
    private const int Patience = 120;

    /// <summary>Fuzzes a reader: it falls where it throws, hangs, or allocates without measure.</summary>
    public static void Run<T>(
        IReadOnlyList<T> seeds, Func<Random, T, T> mutate, Action<T> read, [CallerMemberName] string test = "") =>
        Fuzz.Run(seeds, mutate, input => Watch(input, read), test);

    private static void Watch<T>(T input, Action<T> read)
    {
        var allocated = 0L;
        var reading = Task.Run(() =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            read(input);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        });
        if (!reading.Wait(TimeSpan.FromSeconds(Patience))) throw new InvalidOperationException($"It is still read after {Patience} s.");
        if (allocated > MostAllocated) throw new InvalidOperationException($"It takes {allocated} bytes to read.");
    }
}
