using static TorchSharp.torch;

namespace Rer.Benchmarks;

/// <summary>What this machine's own matrix product reaches in float32, in the same process and with the same threads.</summary>
internal static class SgemmPeak
{
    /// <summary>Best floating-point operations a second over square products of several sizes.</summary>
    public static double Measure()
    {
        using var scope = NewDisposeScope();
        return new[] { 512, 1024, 1536, 2048 }.Max(size =>
        {
            var (a, b) = (rand(size, size), rand(size, size));
            for (var i = 0; i < 2; i++) a.matmul(b).Dispose();
            // The best of several runs: a peak is what the machine can do, not what it did beside others.
            var best = Enumerable.Range(0, 12).Min(_ => Median.Seconds(() => a.matmul(b).Dispose()));
            return 2.0 * size * size * size / best;
        });
    }
}
