using System.Diagnostics;
using System.Globalization;

namespace Rer.Engine.Tests.Fuzzing;

/// <summary>
/// Feeds a parser with damaged inputs, the same ones in every ordinary run. RER_FUZZ_SECONDS lets each parser have that many seconds, with
/// other inputs each time.
/// </summary>
internal static class Fuzz
{
    /// <summary>Inputs of an ordinary run: seconds for all parsers together.</summary>
    private const int Inputs = 2000;

    /// <summary>Most bytes that reading one small input may allocate.</summary>
    private const long MostAllocated = 1L << 30;

    /// <summary>Seconds after which an input hangs. It is no measure of speed: reading one takes a thousandth of that.</summary>
    private const int Patience = 120;

    private static readonly double Seconds =
        double.TryParse(Environment.GetEnvironmentVariable("RER_FUZZ_SECONDS"), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) ? seconds : 0;

    /// <summary>Reads every seed as it is, then mutated ones.</summary>
    /// <param name="seeds">Inputs to begin with: good ones, and those that once fell.</param>
    /// <param name="mutate">Makes an input another one.</param>
    /// <param name="body">Reads an input; throws only where the parser did what it must not.</param>
    public static void Run(IReadOnlyList<byte[]> seeds, Func<byte[], Random, byte[]> mutate, Action<byte[]> body)
    {
        foreach (var seed in seeds) Try(seed, body);
        var random = new Random(Seconds > 0 ? Environment.TickCount : 1);
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < Inputs || clock.Elapsed.TotalSeconds < Seconds; i++)
        {
            var input = seeds[random.Next(seeds.Count)];
            for (var changes = 1 + random.Next(4); changes > 0; changes--) input = mutate(input, random);
            Try(input, body);
        }
    }

    private static void Try(byte[] input, Action<byte[]> body)
    {
        Exception? fault = null;
        var allocated = 0L;
        var reading = Task.Run(() =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                body(input);
            }
            catch (Exception error)
            {
                fault = error;
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        });
        if (!reading.Wait(TimeSpan.FromSeconds(Patience))) Fail(input, $"is still read after {Patience} seconds", null);
        if (fault is not null) Fail(input, $"ends in {fault.GetType().Name}: {fault.Message}", fault);
        if (allocated > MostAllocated) Fail(input, $"takes {allocated} bytes to read", null);
    }

    /// <summary>The input is the finding: it is written down whole, for the seeds.</summary>
    private static void Fail(byte[] input, string what, Exception? cause)
    {
        var file = Path.Combine(Path.GetTempPath(), $"rer-fuzz-{Guid.NewGuid():N}");
        File.WriteAllBytes(file, input);
        throw new InvalidOperationException($"An input of {input.Length} bytes {what}. It is in {file}; in base64: {Convert.ToBase64String(input[..Math.Min(input.Length, 2000)])}", cause);
    }
}
